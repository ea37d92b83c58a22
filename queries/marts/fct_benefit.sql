/*
grain: one row per period, insurance type and category
key: [begndate, enddate, insutype, category]
same_rows_as: stg_benefit_stat
note: >
  role says what a published row is. For each measure the 合计 row counts when it gives the measure, else the parts of the same
  period and insurance type; 小计 and 比例 rows are shown and never added (precise.md, Single KPIs and Loading)
*/
with

labelled as (

    select
        begndate,
        enddate,
        insutype,
        category,
        case
            when category = '合计' then '合计'
            when category like '小计%' then '小计'
            when category like '实际报销比例%' then '比例'
            else '部分'
        end as role,
        person_times,
        medfee_amt,
        fund_amt,
        acct_amt,
        reimb_ratio_pct
    from stg_benefit_stat

),

totalled as (

    select
        *,
        max(case when role = '合计' and fund_amt is not null then 1 else 0 end)
            over (partition by begndate, enddate, insutype) as has_total_amt,
        max(case when role = '合计' and person_times is not null then 1 else 0 end)
            over (partition by begndate, enddate, insutype) as has_total_times
    from labelled

)

select
    begndate,
    enddate,
    insutype,
    category,
    role,
    person_times,
    medfee_amt,
    fund_amt,
    acct_amt,
    reimb_ratio_pct,
    case when role = '合计' then has_total_amt when role = '部分' then 1 - has_total_amt else 0 end as is_amt_counted,
    case when role = '合计' then has_total_times when role = '部分' then 1 - has_total_times else 0 end
        as is_times_counted
from totalled
