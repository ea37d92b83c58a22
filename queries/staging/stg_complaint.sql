/*
grain: one row per complaint
key: [cmpl_id]
*/
select
    cmpl_id,  -- 举报编号
    recv_date,  -- 收到日期
    channel,  -- 举报渠道
    fixmedins_code,  -- 定点医药机构编号
    subject,  -- 举报事项
    accept_date,  -- 受理日期
    due_date,  -- 办结期限
    closed_date,  -- 办结日期
    verified_flag,  -- 查实标志
    reply_date,  -- 回复日期
    reward_amt,  -- 奖励金额, 元
    case_id  -- 案件编号
from lake.complaint
