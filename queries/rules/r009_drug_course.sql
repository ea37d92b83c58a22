/*
title: 药品限支付疗程
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 明确违规
amount_method: M2
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {limit: 疗程天数, kind: 药品}
evidence:
  found: 本次就诊使用天数
  limit: 疗程天数上限
not_a_violation: 跨次住院各自计算疗程;超出部分已改为自费
note: >
  同一次就诊内,同一通用名有费用的不同日数;超过部分按 M2 计金额
owner: 基金监管科
reviewed: 2026-11-22
*/
with

limited as (

    select
        line.*,
        point.group_name,
        point.limit_num * case point.limit_unit when '周' then 7 when '月' then 30 when '年' then 365 else 1 end
            as limit_days,
        case
            when point.limit_value like '%总时间%' or coalesce(point.remark, '') like '%总时间%' then 1
            else 0
        end as is_span
    from base_fee_line as line
    inner join base_limit as point
        on
            line.hilist_code = point.hilist_code
            and line.hilist_name = point.hilist_name
            and line.fee_day between point.valid_from and point.valid_to
    where
        point.limit_type = '疗程天数'
        and point.limit_num > 0
        and line.item_kind = '药品'
    qualify row_number() over (partition by line.bkkp_sn order by point.limit_num) = 1

),

numbered as (

    select
        limited.*,
        min(limited.limit_days) over (partition by limited.mdtrt_id, limited.group_name) as course_days,
        min(limited.fee_day) over (partition by limited.mdtrt_id, limited.group_name) as first_day,
        max(limited.fee_day) over (partition by limited.mdtrt_id, limited.group_name) as last_day,
        dense_rank() over (partition by limited.mdtrt_id, limited.group_name order by limited.fee_day) as day_number
    from limited

),

measured as (

    select
        numbered.*,
        max(numbered.day_number) over (partition by numbered.mdtrt_id, numbered.group_name) as used_days
    from numbered

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.group_name as group_key,
    line.inscp_amt as line_amt,
    line.hilist_name as found_text,
    cast(line.used_days as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(line.course_days as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from measured as line
where
    line.used_days > line.course_days
    and line.setl_day between $period_start and $period_end
