/*
grain: one row per credit-point event of the case
*/
select
    point_id,
    person_code,
    event_date,
    points,
    repair_points
from fct_credit_point
where case_id = $case_id
order by event_date, point_id
