/*
title: 低标准入院
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(二)项
level: 提示
amount_method: M6
lines: setl_d
needs:
  tables: [setl_d, fee_list_d, mdtrt_d, setl_list_oprn_d]
params:
  max_nights:
    label: 最多住院夜数
    value: "3"
    unit: 夜
    minimum: 0
    maximum: 10
    source: 本系统定义
  check_share_pct:
    label: 检查化验费占比下限
    value: "70"
    unit: "%"
    minimum: 0
    maximum: 100
    source: 本系统定义
evidence:
  found: 住院夜数(主诊断)
  limit: 夜数上限
not_a_violation: 急症入院后排除诊断即出院;日间病房;短期观察
note: >
  住院不超过3夜、无手术操作、检查化验费占比超过下限;占比用参数而不用同行分位数,轻症目录没有可载入的知识点
owner: 基金监管科
reviewed: 2026-11-22
*/
with

spent as (

    select
        mdtrt_id,
        sum(det_item_fee_sumamt) as total_amt,
        sum(case when med_chrgitm_type in ('03', '04') then det_item_fee_sumamt else 0 end) as check_amt
    from base_fee_line
    where inpatient = '1'
    group by mdtrt_id

),

operated as (

    select distinct mdtrt_id
    from stg_setl_list_oprn_d

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_id as line_id,
    line.mdtrt_id as group_key,
    line.fund_pay_sumamt as line_amt,
    stay.main_diag_code as found_text,
    cast(stay.nights as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast($max_nights as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from base_settlement as line
inner join base_stay as stay on line.mdtrt_id = stay.mdtrt_id
inner join spent on line.mdtrt_id = spent.mdtrt_id
left join operated on line.mdtrt_id = operated.mdtrt_id
where
    stay.nights <= $max_nights
    and operated.mdtrt_id is null
    and spent.check_amt * 100 > spent.total_amt * $check_share_pct
    and line.setl_day between $period_start and $period_end
