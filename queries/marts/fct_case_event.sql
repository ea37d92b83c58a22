/*
grain: one row per event of a case
key: [event_id]
same_rows_as: stg_case_event
*/
select
    event.event_id,
    event.case_id,
    event.event_time,
    cast(event.event_time as date) as event_date,
    event.event_type,
    event.actor,
    event.text,
    clue_case.fixmedins_code
from stg_case_event as event
left join fct_case as clue_case on event.case_id = clue_case.case_id
