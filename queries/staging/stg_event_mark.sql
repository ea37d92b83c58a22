/*
grain: one row per event
key: [event_date, title]
*/
select
    event_date,  -- 日期
    title,  -- 事件
    note,  -- 说明
    vali_flag  -- 有效标志
from lake.event_mark
