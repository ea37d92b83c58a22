/*
grain: one row per month and item of the six-item report due between $first_day and $last_day
note: how it stood on $last_day; a report handed in later counts as not handed in yet
*/
select
    month,
    item,
    due_date,
    case when filed_date <= $last_day then filed_date end as filed_date,
    filer
from fct_report_filing
where due_date between $first_day and $last_day
order by month desc, item asc
