/*
grain: one row per period, insurance type and category
key: [begndate, enddate, insutype, category]
*/
select
    begndate,  -- 开始日期
    enddate,  -- 结束日期
    insutype,  -- 险种类型
    category,  -- 类别
    person_times,  -- 人次, 人次
    medfee_amt,  -- 医疗总费用, 元
    fund_amt,  -- 基金支付金额, 元
    acct_amt,  -- 个人账户金额, 元
    reimb_ratio_pct  -- 报销比例, %
from lake.benefit_stat
