/*
grain: one row per year and insurance type
key: [year, insutype]
*/
select
    year,  -- 年度
    insutype,  -- 险种类型
    base_year,  -- 可比基年
    reason,  -- 理由
    vali_flag  -- 有效标志
from lake.base_year
