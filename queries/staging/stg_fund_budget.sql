/*
grain: one row per year, insurance type, direction and category
key: [year, insutype, direction, category]
*/
select
    year,  -- 年度
    insutype,  -- 险种类型
    direction,  -- 收支方向
    category,  -- 类别
    amt  -- 金额, 元
from lake.fund_budget
