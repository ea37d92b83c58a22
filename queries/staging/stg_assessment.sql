/*
grain: one row per institution and year
key: [fixmedins_code, year]
*/
select
    fixmedins_code,  -- 定点医药机构编号
    year,  -- 年度
    score,  -- 得分, 分
    grade,  -- 等次
    deduct_points,  -- 扣分, 分
    withheld_amt  -- 扣留金额, 元
from lake.assessment
