/*
grain: one row per settlement, refunds included
key: [setl_id]
by_month: ym
*/
select
    setl_id,  -- 结算ID
    mdtrt_id,  -- 就诊ID
    psn_no,  -- 人员编号
    gend,  -- 性别
    age,  -- 年龄, 岁
    insutype,  -- 险种类型
    psn_type,  -- 人员类别
    med_type,  -- 医疗类别
    fixmedins_code,  -- 定点医药机构编号
    insu_admdvs,  -- 参保地医保区划
    fix_blng_admdvs,  -- 定点归属医保区划
    begndate,  -- 开始日期
    enddate,  -- 结束日期
    setl_time,  -- 结算时间
    medfee_sumamt,  -- 医疗费总额, 元
    fulamt_ownpay_amt,  -- 全自费金额, 元
    overlmt_selfpay,  -- 超限价自费费用, 元
    preselfpay_amt,  -- 先行自付金额, 元
    inscp_amt,  -- 符合政策范围金额, 元
    hifp_pay,  -- 基本医疗保险统筹基金支出, 元
    cvlserv_pay,  -- 公务员医疗补助资金支出, 元
    hifmi_pay,  -- 居民大病保险资金支出, 元
    hifob_pay,  -- 职工大额医疗费用补助基金支出, 元
    maf_pay,  -- 医疗救助基金支出, 元
    othfund_pay,  -- 其他基金支出, 元
    fund_pay_sumamt,  -- 基金支付总额, 元
    psn_pay,  -- 个人负担总金额, 元
    acct_pay,  -- 个人账户支出, 元
    cash_payamt,  -- 个人现金支出, 元
    dise_no,  -- 病种编号
    refd_setl_flag,  -- 退费结算标志
    init_setl_id,  -- 原结算ID
    vali_flag,  -- 有效标志
    ym  -- 数据月份, YYYY-MM (partition of the lake)
from lake.setl_d
