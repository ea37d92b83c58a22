/*
grain: one row per task
key: [task_id]
*/
select
    task_id,  -- 任务编号
    group_name,  -- 工作组
    title,  -- 任务名称
    owner,  -- 责任人
    begndate,  -- 开始日期
    due_date,  -- 完成期限
    done_date,  -- 完成日期
    progress,  -- 进度, %
    meeting_id  -- 会议编号
from lake.work_plan
