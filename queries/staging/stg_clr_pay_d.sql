/*
grain: one row per institution, issue and insurance type
key: [fixmedins_code, issue, insutype]
*/
select
    fixmedins_code,  -- 定点医药机构编号
    issue,  -- 期号
    insutype,  -- 险种类型
    dcla_ddln,  -- 申报截止日期
    pay_date,  -- 拨付日期
    pay_amt,  -- 拨付金额, 元
    instant_flag  -- 即时结算标志
from lake.clr_pay_d
