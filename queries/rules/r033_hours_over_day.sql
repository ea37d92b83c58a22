/*
title: 按小时项目日超24
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 明确违规
amount_method: M2
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {limit: 每日数量, unit: [小时]}
params:
  hours_a_day:
    label: 一日小时数上限
    value: "24"
    unit: 小时
    minimum: 1
    maximum: 24
    source: 一日为 24 小时
reach: {days: 0}
evidence:
  found: 当日数量
  limit: 每日数量上限
not_a_violation: 设备同时用于双侧且价格项目允许分别计费
note: >
  只看按小时计价的项目(知识点单位为小时);同一人、同一项目、同一日合计
owner: 基金监管科
reviewed: 2026-11-22
*/
with

limited as (

    select
        line.*,
        point.limit_num as daily_limit
    from base_fee_line as line
    inner join base_limit as point
        on
            line.hilist_code = point.hilist_code
            and line.hilist_name = point.hilist_name
            and line.fee_day between point.valid_from and point.valid_to
    where
        point.limit_type = '每日数量'
        and point.limit_num > 0
        and point.limit_unit like '%小时%'
    qualify row_number() over (partition by line.bkkp_sn order by point.limit_num) = 1

),

counted as (

    select
        limited.*,
        sum(limited.cnt) over (partition by limited.psn_no, limited.hilist_code, limited.fee_day) as day_cnt
    from limited

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.hilist_code || ' ' || cast(line.fee_day as varchar) as group_key,
    line.inscp_amt as line_amt,
    line.hilist_name as found_text,
    cast(line.day_cnt as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast($hours_a_day as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from counted as line
where
    line.day_cnt > $hours_a_day
    and line.setl_day between $period_start and $period_end
