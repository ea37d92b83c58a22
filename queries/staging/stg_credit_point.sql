/*
grain: one row per credit-point event
key: [point_id]
*/
select
    point_id,  -- 记分编号
    person_code,  -- 人员代码
    fixmedins_code,  -- 定点医药机构编号
    event_date,  -- 发生日期
    points,  -- 记分, 分
    cause,  -- 事由
    case_id,  -- 案件编号
    repair_points  -- 修复分值, 分
from lake.credit_point
