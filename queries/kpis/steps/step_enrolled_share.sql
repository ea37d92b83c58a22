/*
One row per insurance type and month of enrolment that overlaps the period. mean_share is the month's part in the insurance type's
mean enrolment: differences of the running sum divided by the number of months, rounded half away from zero to 14 decimals in whole
numbers, so that they add up to exactly the rounded mean.
*/
with

enrolled as (

    select
        insutype,
        month,
        persons,
        count(*) over (partition by insutype) as months_used,
        cast(sum(persons) over (partition by insutype order by month) as hugeint) as running_persons
    from fct_enrolment
    where month_begn <= $period_end and month_end >= $period_start

),

rounded as (

    select
        *,
        (running_persons * 200000000000000 + months_used) // (2 * months_used) as units
    from enrolled

)

select
    insutype,
    month,
    persons,
    cast(units - lag(units, 1, 0) over (partition by insutype order by month) as decimal(24, 0))
    * cast(0.00000000000001 as decimal(14, 14)) as mean_share
from rounded
