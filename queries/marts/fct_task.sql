/*
grain: one row per task
key: [task_id]
same_rows_as: stg_work_plan
*/
select
    task_id,
    group_name,
    title,
    owner,
    begndate,
    due_date,
    done_date,
    progress,
    meeting_id
from stg_work_plan
