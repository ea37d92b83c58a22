/*
One row per settlement of the period that makes a stay count, and one per insurance type and month of enrolment that overlaps it.
mean_share is the month's part in the insurance type's mean enrolment: differences of the running sum divided by the number of
months, rounded half away from zero to 14 decimals in whole numbers, so that they add up to exactly the rounded mean.
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
    '住院人次' as part,
    mdtrt_id as row_id,
    mdtrt_id,
    insutype,
    setl_id,
    setl_date,
    fixmedins_code,
    null as month,
    null as persons,
    cast(0 as decimal(38, 14)) as mean_share,
    date_diff('day', $period_start, $period_end) + 1 as days
from step_inpatient_bill
where is_counted = 1 and setl_date between $period_start and $period_end

union all

select
    '参保人数' as part,
    insutype || ' ' || month as row_id,
    null as mdtrt_id,
    insutype,
    null as setl_id,
    null as setl_date,
    null as fixmedins_code,
    month,
    persons,
    cast(units - lag(units, 1, 0) over (partition by insutype order by month) as decimal(24, 0))
    * cast(0.00000000000001 as decimal(14, 14)) as mean_share,
    null as days
from rounded
