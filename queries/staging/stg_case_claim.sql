/*
grain: one row per claim linked to a case, finding or suspicion
key: [link_id]
*/
select
    link_id,  -- 关联编号
    setl_id,  -- 结算ID
    case_id,  -- 案件编号
    finding_id,  -- 问题编号
    doc_suspt_id,  -- 疑点ID
    rule_id,  -- 规则ID
    amt  -- 金额, 元
from lake.case_claim
