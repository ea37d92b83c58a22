/*
grain: one row per month and item of the six-item report due between $first_due and $last_due, as known in this version
note: is_recorded 0 is a report that is due although the ledger has no row for it (see fct_report_filing)
*/
select
    month,
    item,
    due_date,
    filed_date,
    filer,
    is_recorded
from fct_report_filing
where due_date between $first_due and $last_due
order by due_date, item
