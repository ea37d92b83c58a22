/*
title: 慢特病超量囤药
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(二)项
level: 可疑
amount_method: M2
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
params:
  days_a_year:
    label: 一年供药天数上限
    value: "400"
    unit: 天
    minimum: 365
    maximum: 800
    source: 本系统定义
reach: {unit: year}
evidence:
  found: 全年供药天数
  limit: 天数上限
not_a_violation: 剂量增加后同一药品重复开具;年末提前取次年首月药
note: >
  慢特病结算,同一人同一药品在一个自然年内周期天数之和;金额按超出天数占比,多张结算按各自金额比例分担
owner: 基金监管科
reviewed: 2026-11-22
*/
with

supplied as (

    select
        line.*,
        year(line.fee_day) as year_number,
        sum(line.prd_days) over (partition by line.psn_no, line.hilist_code, year(line.fee_day)) as year_days
    from base_fee_line as line
    where
        line.chronic = '1'
        and line.item_kind = '药品'
        and line.prd_days > 0

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.hilist_code || ' ' || cast(line.year_number as varchar) as group_key,
    line.inscp_amt as line_amt,
    line.hilist_name as found_text,
    cast(line.year_days as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast($days_a_year as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from supplied as line
where
    line.year_days > $days_a_year
    and line.setl_day between $period_start and $period_end
