/*
One row per insurance type and month of the latest months with outlay: the month's share in the mean monthly outlay.
Shares are differences of the running sum divided by the number of months, rounded half away from zero to 10 decimals in whole
numbers, so that they add up to exactly the rounded mean.
*/
with

monthly as (

    select
        insutype,
        month,
        sum(amt) as outlay
    from fct_fund_ledger
    where direction = '支出' and month_end <= $period_end
    group by insutype, month

),

latest as (

    select * from monthly
    qualify row_number() over (partition by insutype order by month desc) <= $payable_months_window

),

running as (

    select
        *,
        count(*) over (partition by insutype) as months_used,
        cast(100 * sum(outlay) over (partition by insutype order by month) as hugeint) as running_fen
    from latest

),

rounded as (

    select
        *,
        sign(running_fen) * ((abs(running_fen) * 200000000 + months_used) // (2 * months_used)) as units
    from running

)

select
    insutype,
    month,
    outlay,
    months_used,
    cast(units - lag(units, 1, 0) over (partition by insutype order by month) as decimal(28, 0))
    * cast(0.0000000001 as decimal(10, 10)) as mean_share
from rounded
