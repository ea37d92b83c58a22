/*
grain: one row per review document
key: [doc_id]
by_month: ym
*/
select
    doc_id,  -- 单据ID
    setl_id,  -- 结算ID
    mdtrt_id,  -- 就诊ID
    fixmedins_code,  -- 定点医药机构编号
    insutype,  -- 险种类型
    med_type,  -- 医疗类别
    issue,  -- 期号
    dcla_time,  -- 申报时间
    medfee_sumamt,  -- 医疗费总额, 元
    dcla_fund_amt,  -- 申报基金金额, 元
    chker,  -- 初审人
    chktime,  -- 初审时间
    chk_vola_flag,  -- 初审违规标志
    smpl_flag,  -- 抽检标志
    smpl_rchker,  -- 抽检复审人
    smpl_rchk_time,  -- 抽检复审时间
    smpl_vola_amt,  -- 抽检违规金额, 元
    ym  -- 数据月份, YYYY-MM (partition of the lake)
from lake.doc_d
