/*
grain: one row per reminder
key: [warn_rslt_id]
by_month: ym
*/
select
    warn_rslt_id,  -- 提醒结果ID
    mdtrt_id,  -- 就诊ID
    psn_no,  -- 人员编号
    fixmedins_code,  -- 定点医药机构编号
    trig_scen,  -- 触发场景
    rule_id,  -- 规则ID
    rule_name,  -- 规则名称
    rule_sev_deg,  -- 规则严重程度
    vola_amt,  -- 提醒涉及金额, 元
    crte_time,  -- 提醒时间
    warn_dspo_way,  -- 预警处理方式
    warn_dspo_way_dscr,  -- 处理方式说明
    dr_code,  -- 医师代码
    ym  -- 数据月份, YYYY-MM (partition of the lake)
from lake.bffact_warn_rslt_d
