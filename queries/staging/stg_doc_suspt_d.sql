/*
grain: one row per suspicion
key: [doc_suspt_id]
by_month: ym
*/
select
    doc_suspt_id,  -- 疑点ID
    doc_id,  -- 单据ID
    rule_id,  -- 规则ID
    rule_name,  -- 规则名称
    rule_sev_deg,  -- 规则严重程度
    suspt_souc,  -- 疑点来源
    checkout_time,  -- 检出时间
    checkout_suspt_amt,  -- 检出疑点金额, 元
    chker,  -- 初审人
    chktime,  -- 初审时间
    chk_vola_flag,  -- 初审违规标志
    chk_vola_amt,  -- 初审违规金额, 元
    rchker,  -- 复核人
    rchk_time,  -- 复核时间
    rchk_vola_flag,  -- 复核违规标志
    push_time,  -- 推送时间
    appl_ddln,  -- 申诉期限
    appl_flag,  -- 申诉标志
    appl_time,  -- 申诉时间
    appl_amt,  -- 申诉金额, 元
    appl_rea,  -- 申诉理由
    finl_chker,  -- 复审人
    finl_chktime,  -- 复审时间
    finl_chk_vola_flag,  -- 复审违规标志
    cnfm_vola_amt,  -- 确认违规金额, 元
    fdbk_time,  -- 反馈时间
    det_flag,  -- 扣款标志
    det_time,  -- 扣款时间
    vola_det_amt,  -- 违规扣款金额, 元
    rvis_amt,  -- 补差金额, 元
    conv_audits_flag,  -- 转稽核标志
    ym  -- 数据月份, YYYY-MM (partition of the lake)
from lake.doc_suspt_d
