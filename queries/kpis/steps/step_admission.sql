/*
One row per settlement of the period that makes a stay count, and one per insurance type and month of enrolment that overlaps it.
*/
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
    mean_share,
    null as days
from step_enrolled_share
