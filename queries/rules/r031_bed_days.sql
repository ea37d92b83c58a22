/*
title: 床位费数量超住院天数
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 明确违规
amount_method: M2
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d, mdtrt_d]
params:
  extra_days:
    label: 在住院夜数上加计的天数
    value: "1"
    unit: 天
    minimum: 0
    maximum: 2
    source: 本系统定义(入院日与出院日都可计费)
evidence:
  found: 计费数量
  limit: 住院夜数加计后的天数
not_a_violation: 转科当日两个病区各计一次且当地政策允许;包床已全自费
note: >
  同一次住院床位费(01)数量之和与住院夜数加1比较;未出院的不判断
owner: 基金监管科
reviewed: 2026-11-22
*/
with

charged as (

    select
        line.*,
        date_diff('day', line.begn_day, line.end_day) + $extra_days as lawful_days,
        sum(line.cnt) over (partition by line.mdtrt_id) as charged_days
    from base_fee_line as line
    where
        line.inpatient = '1'
        and line.med_chrgitm_type = '01'

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.med_chrgitm_type as group_key,
    line.inscp_amt as line_amt,
    line.hilist_name as found_text,
    cast(line.charged_days as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(line.lawful_days as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from charged as line
where
    line.charged_days > line.lawful_days
    and line.setl_day between $period_start and $period_end
