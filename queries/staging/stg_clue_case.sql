/*
grain: one row per case
key: [case_id]
*/
select
    case_id,  -- 案件编号
    case_souc,  -- 案件来源
    fixmedins_code,  -- 定点医药机构编号
    title,  -- 标题
    opened_date,  -- 立案日期
    med_record_cnt,  -- 涉及病历数, 份
    fraud_amt,  -- 涉嫌欺诈骗保金额, 元
    vola_amt,  -- 一般违规金额, 元
    due_date,  -- 办理期限
    closed_date,  -- 办结日期
    case_stas  -- 案件状态
from lake.clue_case
