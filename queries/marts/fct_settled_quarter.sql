/*
grain: one row per institution and quarter of setl_time with a settlement that counts, with the post review of that quarter
key: [fixmedins_code, quarter]
note: >
  a settlement counts when it is in force, no refund, and no refund in force names it (at any date). Not built by month: a refund may
  lie in another month than the settlement it takes back
*/
with

refunded as (

    select distinct init_setl_id
    from fct_refund

),

settled as (

    select
        settlement.fixmedins_code,
        year(settlement.setl_time) as setl_year,
        (month(settlement.setl_time) + 2) // 3 as setl_quarter,
        count(*) as setl_cnt
    from stg_setl_d as settlement
    left join refunded on settlement.setl_id = refunded.init_setl_id
    where
        settlement.vali_flag = '1'
        and coalesce(settlement.refd_setl_flag, '0') = '0'
        and refunded.init_setl_id is null
    group by settlement.fixmedins_code, year(settlement.setl_time), (month(settlement.setl_time) + 2) // 3

),

quartered as (

    select
        fixmedins_code,
        cast(setl_year as varchar) || 'Q' || cast(setl_quarter as varchar) as quarter,
        make_date(setl_year, setl_quarter * 3 - 2, 1) as quarter_begn,
        last_day(make_date(setl_year, setl_quarter * 3, 1)) as quarter_end,
        setl_cnt
    from settled

)

select
    quartered.fixmedins_code,
    quartered.quarter,
    quartered.quarter_begn,
    quartered.quarter_end,
    quartered.setl_cnt,
    review.done_date,
    review.amt_reviewed,
    review.amt_vola,
    review.amt_recovered
from quartered
left join stg_post_review as review
    on quartered.fixmedins_code = review.fixmedins_code and quartered.quarter = review.quarter
