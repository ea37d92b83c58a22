/*
title: 超量开药
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(二)项
level: 可疑
amount_method: M2
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
params:
  outpatient_days:
    label: 门诊处方最多天数
    value: "7"
    unit: 天
    minimum: 1
    maximum: 90
    source: 本系统定义
  emergency_days:
    label: 急诊处方最多天数
    value: "3"
    unit: 天
    minimum: 1
    maximum: 30
    source: 本系统定义
  chronic_days:
    label: 慢特病处方最多天数
    value: "84"
    unit: 天
    minimum: 7
    maximum: 180
    source: 本系统定义(长期处方12周)
  discharge_days:
    label: 出院带药最多天数
    value: "30"
    unit: 天
    minimum: 1
    maximum: 90
    source: 参考线(来源未核实)
    source_status: 未核实
evidence:
  found: 周期天数
  limit: 最多天数
not_a_violation: 长期处方已备案;外出务工人员凭证明延长;疫情等特殊时期政策
note: >
  先看慢特病,再看急诊、门诊;住院只看标明出院带药的明细;周期天数空白不判断;金额按超出天数占比
owner: 基金监管科
reviewed: 2026-11-22
*/
with

supplied as (

    select
        line.*,
        case
            when line.chronic = '1' then $chronic_days
            when line.emergency = '1' then $emergency_days
            when line.outpatient = '1' then $outpatient_days
            when line.dscg_tkdrug_flag = '1' then $discharge_days
        end as max_days
    from base_fee_line as line
    where
        line.item_kind = '药品'
        and line.prd_days is not null

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.bkkp_sn as group_key,
    line.inscp_amt as line_amt,
    line.hilist_name as found_text,
    cast(line.prd_days as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(line.max_days as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from supplied as line
where
    line.prd_days > line.max_days
    and line.setl_day between $period_start and $period_end
