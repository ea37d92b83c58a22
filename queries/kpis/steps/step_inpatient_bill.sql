/*
One row per settlement of a stay, with whether its visit counts: it is no refund, and no refund of any date names it.
*/
with

refunded as (

    select distinct init_setl_id
    from fct_refund

)

select
    settlement.*,
    case when settlement.refd_setl_flag = '0' and refunded.init_setl_id is null then 1 else 0 end as is_counted
from fct_inpatient_settlement as settlement
left join refunded on settlement.setl_id = refunded.init_setl_id
