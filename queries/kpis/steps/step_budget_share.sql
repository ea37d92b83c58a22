/*
One row per insurance type and category of the year's outlay budget: the share for the whole months gone by.
Shares are differences of the running sum × months ÷ 12, rounded half away from zero to 10 decimals in whole numbers, so that
they add up to exactly the rounded share of the whole budget.
*/
with

running as (

    select
        *,
        cast(100 * sum(amt) over (partition by insutype order by category) as hugeint) as running_fen
    from fct_fund_budget
    where year = $year and direction = '支出'

),

rounded as (

    select
        *,
        sign(running_fen) * ((abs(running_fen) * $year_months * 200000000 + 12) // 24) as units
    from running

)

select
    insutype,
    category,
    amt,
    cast(units - lag(units, 1, 0) over (partition by insutype order by category) as decimal(28, 0))
    * cast(0.0000000001 as decimal(10, 10)) as budget_share
from rounded
