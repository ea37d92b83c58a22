/*
grain: one row per valid settlement that is no refund and is not refunded
key: [setl_id]
note: >
  sex is known when settlement and visit do not contradict each other and neither says unknown (0, 9); a blank is filled from the other.
  begin and end are those of the visit, else of the settlement. level_rank: 三级 3, 二级 2, 一级 1, other 0, null for an unknown institution
*/
with

refunded as (

    -- at any date, of any amount
    select distinct init_setl_id
    from stg_setl_d
    where vali_flag = '1' and refd_setl_flag = '1' and init_setl_id is not null

),

visit as (

    select
        mdtrt_id,
        gend,
        age,
        brdy,
        begntime,
        endtime,
        dscg_maindiag_code,
        dscg_way,
        ttp_pay_flag,
        psn_no,
        fixmedins_code
    from stg_mdtrt_d
    where vali_flag = '1'

)

select
    settlement.setl_id,
    settlement.mdtrt_id,
    settlement.psn_no,
    settlement.insutype,
    settlement.med_type,
    settlement.fixmedins_code,
    settlement.setl_time,
    settlement.begndate,
    settlement.enddate,
    settlement.dise_no,
    settlement.medfee_sumamt,
    settlement.fund_pay_sumamt,
    settlement.inscp_amt as setl_inscp_amt,
    settlement.ym as setl_ym,
    settlement.gend as setl_gend,
    visit.gend as visit_gend,
    visit.psn_no as visit_psn_no,
    visit.fixmedins_code as visit_fixmedins_code,
    visit.begntime,
    visit.endtime,
    visit.dscg_maindiag_code,
    visit.dscg_way,
    visit.brdy,
    institution.fixmedins_type,
    institution.level_class,
    cast(settlement.setl_time as date) as setl_day,
    coalesce(category.inpatient, '0') as inpatient,
    coalesce(category.outpatient, '0') as outpatient,
    coalesce(category.pharmacy, '0') as pharmacy,
    coalesce(category.chronic, '0') as chronic,
    coalesce(category.maternity, '0') as maternity,
    case when settlement.med_type in ('13', '1301') then '1' else '0' end as emergency,
    case
        when coalesce(settlement.gend, '') in ('0', '9') or coalesce(visit.gend, '') in ('0', '9') then null
        when settlement.gend <> visit.gend then null
        else coalesce(settlement.gend, visit.gend)
    end as sex,
    coalesce(settlement.age, visit.age) as age,
    cast(coalesce(visit.begntime, settlement.begndate) as date) as begn_day,
    cast(coalesce(visit.endtime, settlement.enddate) as date) as end_day,
    case institution.level_class
        when '三级' then 3
        when '二级' then 2
        when '一级' then 1
        when '未定级' then 0
        when '药店' then 0
    end as level_rank
from stg_setl_d as settlement
left join refunded on settlement.setl_id = refunded.init_setl_id
left join visit on settlement.mdtrt_id = visit.mdtrt_id
left join dim_med_type as category on settlement.med_type = category.med_type
left join dim_institution as institution on settlement.fixmedins_code = institution.fixmedins_code
where
    settlement.vali_flag = '1'
    and settlement.refd_setl_flag = '0'
    and refunded.init_setl_id is null
