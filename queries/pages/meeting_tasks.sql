/*
grain: one row per task of the ledger that was open on $day (begun by then or due by then); is_late: due before $day
*/
select
    task_id,
    group_name,
    title,
    owner,
    begndate,
    due_date,
    progress,
    case when due_date < $day then 1 else 0 end as is_late
from fct_task
where (done_date is null or done_date > $day) and (begndate <= $day or due_date <= $day)
order by due_date, task_id
