/*
grain: one row per visit
key: [mdtrt_id]
by_month: ym
*/
select
    mdtrt_id,  -- 就诊ID
    psn_no,  -- 人员编号
    gend,  -- 性别
    age,  -- 年龄, 岁
    brdy,  -- 出生日期
    fixmedins_code,  -- 定点医药机构编号
    med_type,  -- 医疗类别
    begntime,  -- 开始时间
    endtime,  -- 结束时间
    dscg_maindiag_code,  -- 出院主诊断代码
    dscg_maindiag_name,  -- 出院主诊断名称
    adm_dept_name,  -- 入院科室名称
    chfpdr_code,  -- 主诊医师代码
    dscg_way,  -- 离院方式
    inhosp_stas,  -- 在院状态
    ttp_pay_flag,  -- 第三方支付标志
    vali_flag,  -- 有效标志
    ym  -- 数据月份, YYYY-MM (partition of the lake)
from lake.mdtrt_d
