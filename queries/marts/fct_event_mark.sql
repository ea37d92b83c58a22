/*
grain: one row per event
key: [event_date, title]
same_rows_as: stg_event_mark
*/
select
    event_date,
    title,
    note
from stg_event_mark
