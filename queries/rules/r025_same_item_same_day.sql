/*
title: 同项目同日重复计费
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 可疑
amount_method: M2
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {limit: 每日数量, kind: 项目}
params:
  min_lines:
    label: 最少明细条数
    value: "2"
    unit: 条
    minimum: 2
    maximum: 10
    source: 本系统定义(重复计费至少两条)
reach: {days: 0}
evidence:
  found: 当日数量
  limit: 每日允许数量
not_a_violation: 上下午各做一次且价格项目按次计费
note: >
  同一人、同一机构、同一日、同一项目至少两条;允许数量取每日数量知识点,按小时计价的项目见规则33
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
        and line.item_kind <> '药品'
        and not (
            coalesce(point.limit_unit, '') like '%小时%'
            or coalesce(point.limit_unit, '') like '%例%'
            or coalesce(point.limit_unit, '') like '%就诊%'
            or coalesce(point.limit_unit, '') like '%住院%'
        )
    qualify row_number() over (partition by line.bkkp_sn order by point.limit_num) = 1

),

counted as (

    select
        limited.*,
        sum(limited.cnt) over (partition by limited.psn_no, limited.fixmedins_code, limited.hilist_code, limited.fee_day) as day_cnt,
        count(*) over (partition by limited.psn_no, limited.fixmedins_code, limited.hilist_code, limited.fee_day) as line_cnt
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
    cast(line.daily_limit as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from counted as line
where
    line.line_cnt >= $min_lines
    and line.day_cnt > line.daily_limit
    and line.setl_day between $period_start and $period_end
