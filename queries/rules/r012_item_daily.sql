/*
title: 诊疗项目限每日数量
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 明确违规
amount_method: M2
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {limit: 每日数量, kind: 项目}
reach: {days: 0}
evidence:
  found: 当日数量
  limit: 每日数量上限
not_a_violation: "当日转院,两家机构各收一次且政策允许;补记前一日费用"
note: >
  同一人、同一项目、同一日,跨就诊合计;金额按 M2,多次结算时按各自金额比例分担
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
            coalesce(point.limit_unit, '') like '%例%'
            or coalesce(point.limit_unit, '') like '%就诊%'
            or coalesce(point.limit_unit, '') like '%住院%'
        )
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
    cast(line.daily_limit as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from counted as line
where
    line.day_cnt > line.daily_limit
    and line.setl_day between $period_start and $period_end
