/*
One row per sum of stays or settlement of step_stay that makes stays count, and one per insurance type and month of enrolment: what
step_admission adds up to.
*/
select
    '住院人次' as part,
    row_id,
    insutype,
    counted_cnt,
    is_counted,
    cast(0 as decimal(38, 14)) as mean_share,
    date_diff('day', $period_start, $period_end) + 1 as days
from step_stay
where counted_cnt > 0 or is_counted = 1
union all
select
    '参保人数' as part,
    insutype || ' ' || month as row_id,
    insutype,
    0 as counted_cnt,
    0 as is_counted,
    mean_share,
    null as days
from step_enrolled_share
