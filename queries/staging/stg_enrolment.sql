/*
grain: one row per month and insurance type
key: [month, insutype]
*/
select
    month,  -- 月份
    insutype,  -- 险种类型
    persons  -- 参保人数, 人
from lake.enrolment
