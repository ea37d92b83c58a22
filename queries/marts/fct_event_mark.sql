/*
grain: one row per event
key: [event_date, title]
note: without the rows that were taken back
*/
select
    event_date,
    title,
    note
from stg_event_mark
where coalesce(vali_flag, '1') <> '0'
