/*
grain: one row per event of a case
key: [event_id]
*/
select
    event_id,  -- 经过编号
    case_id,  -- 案件编号
    event_time,  -- 发生时间
    event_type,  -- 经过类型
    actor,  -- 经办人
    text  -- 内容
from lake.case_event
