/*
grain: one row per day, institution, insurance type and county of the insured of the stays that have one settlement
key: [setl_date, fixmedins_code, insutype, insu_admdvs]
nullable_key: [setl_date, fixmedins_code, insutype, insu_admdvs]
note: >
  counted_cnt stays count (the settlement is no refund, and no refund of any date names it). A stay of one settlement lies in one cell
  of any split, so that these add up; those of several are in fct_stay_again. Not built by month: a second settlement may lie in another month
*/
with

refunded as (

    select distinct init_setl_id
    from fct_refund

),

once as (

    select mdtrt_id
    from fct_inpatient_settlement
    where mdtrt_id is not null
    group by mdtrt_id
    having count(*) = 1

)

select
    settlement.setl_date,
    settlement.fixmedins_code,
    settlement.insutype,
    settlement.insu_admdvs,
    count(*) as stay_cnt,
    sum(case when settlement.refd_setl_flag = '0' and refunded.init_setl_id is null then 1 else 0 end) as counted_cnt,
    sum(settlement.medfee_sumamt) as medfee_sumamt
from fct_inpatient_settlement as settlement
inner join once on settlement.mdtrt_id = once.mdtrt_id
left join refunded on settlement.setl_id = refunded.init_setl_id
group by settlement.setl_date, settlement.fixmedins_code, settlement.insutype, settlement.insu_admdvs
