/*
grain: one row per institution and quarter of setl_time with a settlement that counts, with the post review of that quarter
key: [fixmedins_code, quarter]
note: which settlements count is said in fct_settled_day
*/
with

settled as (

    select
        fixmedins_code,
        year(setl_date) as setl_year,
        (month(setl_date) + 2) // 3 as setl_quarter,
        cast(sum(setl_cnt) as bigint) as setl_cnt
    from fct_settled_day
    group by fixmedins_code, year(setl_date), (month(setl_date) + 2) // 3

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
