/*
grain: one row per month and item of the six-item report that was not filed by $day, due by $next_due
*/
select
    'report' as topic,
    month || ' ' || item as item_id,
    month,
    item,
    due_date
from fct_report_filing
where due_date <= $next_due and (filed_date is null or filed_date > $day)
order by due_date, item
