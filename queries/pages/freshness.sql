/*
grain: one row per table with dated rows, with its first month and the number of months loaded up to $end_month
*/
select
    table_name,
    min(ym) as first_month,
    count(*) as months_loaded
from _meta_months
where rows > 0 and ym <= $end_month
group by table_name
order by table_name
