/*
grain: one row per training event
key: [train_id]
*/
select
    train_id,  -- 培训编号
    train_date,  -- 培训日期
    kind,  -- 形式
    persons,  -- 参加人数, 人
    passed,  -- 合格人数, 人
    topic  -- 主题
from lake.training
