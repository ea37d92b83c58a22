/*
title: 护理费、诊查费超住院天数
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 可疑
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
not_a_violation: 专科护理与等级护理当地允许并收
note: >
  护理费(07)、诊查费(02)各自合计;特级护理、重症监护按小时计价,不在内
owner: 基金监管科
reviewed: 2026-11-22
*/
with

charged as (

    select
        line.*,
        date_diff('day', line.begn_day, line.end_day) + $extra_days as lawful_days,
        sum(line.cnt) over (partition by line.mdtrt_id, line.med_chrgitm_type) as charged_days
    from base_fee_line as line
    where
        line.inpatient = '1'
        and line.med_chrgitm_type in ('07', '02')
        -- billed by the hour
        and line.hilist_name not like '%特级护理%'
        and line.hilist_name not like '%重症监护%'

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
