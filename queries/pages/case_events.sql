/*
grain: one row per recorded event of the case
*/
select
    event_time,
    event_type,
    actor,
    text
from fct_case_event
where case_id = $case_id
order by event_time, event_id
