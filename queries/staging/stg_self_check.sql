/*
grain: one row per self-check
key: [self_check_id]
*/
select
    self_check_id,  -- 自查编号
    fixmedins_code,  -- 定点医药机构编号
    period_begn,  -- 自查期间开始
    period_end,  -- 自查期间结束
    submit_date,  -- 提交日期
    problem_type,  -- 问题类型
    amt_found,  -- 查出金额, 元
    refund_due,  -- 应退金额, 元
    refund_done,  -- 已退金额, 元
    refund_date,  -- 退回日期
    supervise_date  -- 督导日期
from lake.self_check
