/*
grain: one row per handling
key: [handle_id]
*/
select
    handle_id,  -- 处理编号
    finding_id,  -- 问题编号
    case_id,  -- 案件编号
    fixmedins_code,  -- 定点医药机构编号
    psn_object,  -- 处理对象
    handle_type,  -- 处理方式
    decided_date,  -- 处理日期
    amt_due,  -- 应追缴金额, 元
    amt_done,  -- 已追缴金额, 元
    done_date,  -- 完成日期
    begndate,  -- 开始日期
    enddate,  -- 结束日期
    handle_stas  -- 处理状态
from lake.handling
