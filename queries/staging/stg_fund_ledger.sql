/*
grain: one row per month, insurance type, direction and category
key: [month, insutype, direction, category]
*/
select
    month,  -- 月份
    insutype,  -- 险种类型
    direction,  -- 收支方向
    category,  -- 类别
    amt,  -- 金额, 元
    person_times  -- 人次, 人次
from lake.fund_ledger
