/*
grain: one row per event from $first_day to $last_day
*/
select
    event_date,
    title,
    note
from fct_event_mark
where event_date between $first_day and $last_day
order by event_date, title
