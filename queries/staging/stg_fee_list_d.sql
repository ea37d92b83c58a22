/*
grain: one row per fee line
key: [bkkp_sn]
by_month: ym
*/
select
    bkkp_sn,  -- 记账流水号
    init_feedetl_sn,  -- 原费用流水号
    mdtrt_id,  -- 就诊ID
    setl_id,  -- 结算ID
    psn_no,  -- 人员编号
    fixmedins_code,  -- 定点医药机构编号
    fee_ocur_time,  -- 费用发生时间
    med_type,  -- 医疗类别
    hilist_code,  -- 医保目录编码
    hilist_name,  -- 医保目录名称
    list_type,  -- 目录类别
    med_chrgitm_type,  -- 医疗收费项目类别
    chrgitm_lv,  -- 收费项目等级
    cnt,  -- 数量, 计价单位
    pric,  -- 单价, 元
    pric_uplmt_amt,  -- 定价上限金额, 元
    det_item_fee_sumamt,  -- 明细项目费用总额, 元
    inscp_amt,  -- 符合政策范围金额, 元
    prd_days,  -- 周期天数, 天
    dscg_tkdrug_flag,  -- 出院带药标志
    bilg_dept_name,  -- 开单科室名称
    bilg_dr_code,  -- 开单医师代码
    vali_flag,  -- 有效标志
    ym  -- 数据月份, YYYY-MM (partition of the lake)
from lake.fee_list_d
