/*
grain: one row per day of setl_time and institution with a settlement that counts
key: [setl_date, fixmedins_code]
note: >
  a settlement counts when it is in force, no refund, and no refund in force names it (at any date). Not built by month: a refund may
  lie in another month than the settlement it takes back
*/
with

refunded as (

    select distinct init_setl_id
    from fct_refund

)

select
    cast(settlement.setl_time as date) as setl_date,
    settlement.fixmedins_code,
    count(*) as setl_cnt
from stg_setl_d as settlement
left join refunded on settlement.setl_id = refunded.init_setl_id
where
    settlement.vali_flag = '1'
    and coalesce(settlement.refd_setl_flag, '0') = '0'
    and refunded.init_setl_id is null
group by cast(settlement.setl_time as date), settlement.fixmedins_code
