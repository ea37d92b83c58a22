/*
grain: one row per day that differs from the official calendar
key: [cal_date]
*/
select
    cal_date,  -- 日期
    workday_flag,  -- 是否上班
    reason,  -- 理由
    vali_flag  -- 有效标志
from lake.workday
