/*
grain: one row per month and insurance type
key: [month, insutype]
*/
select
    month,  -- 月份
    insutype,  -- 险种类型
    closing_balance  -- 期末累计结余, 元
from lake.fund_balance
