/*
grain: one row for the settlement asked, none when its ID is unknown
note: >
  $ym is the month when the way here knows it (a list row does), else NULL: then the ID column of every month is looked through.
  The other reads of the screen take month and institution from this row
*/
select
    settlement.setl_id,
    settlement.mdtrt_id,
    settlement.ym,
    settlement.psn_no,
    settlement.gend,
    settlement.age,
    settlement.insutype,
    settlement.psn_type,
    settlement.med_type,
    settlement.fixmedins_code,
    institution.fixmedins_name,
    settlement.insu_admdvs,
    settlement.begndate,
    settlement.enddate,
    settlement.setl_time,
    settlement.medfee_sumamt,
    settlement.fund_pay_sumamt,
    settlement.dise_no,
    settlement.refd_setl_flag,
    settlement.init_setl_id,
    settlement.vali_flag
from stg_setl_d as settlement
left join dim_institution as institution on settlement.fixmedins_code = institution.fixmedins_code
where
    settlement.setl_id = $setl_id
    and ($ym is null or settlement.ym = $ym)
