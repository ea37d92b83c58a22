/*
grain: one row per settlement of a stay that has several settlements, refunds included
key: [setl_id]
note: >
  is_counted: it is no refund, and no refund of any date names it. These few are counted anew in each cell; the stays with one settlement
  are summed in fct_stay_day
*/
with

refunded as (

    select distinct init_setl_id
    from fct_refund

),

several as (

    select mdtrt_id
    from fct_inpatient_settlement
    where mdtrt_id is not null
    group by mdtrt_id
    having count(*) > 1

)

select
    settlement.setl_id,
    settlement.mdtrt_id,
    settlement.setl_date,
    settlement.fixmedins_code,
    settlement.insutype,
    settlement.insu_admdvs,
    settlement.medfee_sumamt,
    case when settlement.refd_setl_flag = '0' and refunded.init_setl_id is null then 1 else 0 end as is_counted
from fct_inpatient_settlement as settlement
inner join several on settlement.mdtrt_id = several.mdtrt_id
left join refunded on settlement.setl_id = refunded.init_setl_id
