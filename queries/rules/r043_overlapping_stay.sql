/*
title: 住院重叠
class: 管理类
basis: 医疗保障基金使用监督管理条例 第四十条第(一)项
level: 可疑
amount_method: M6
lines: setl_d
needs:
  tables: [setl_d, mdtrt_d]
params:
  min_days:
    label: 最少重叠天数
    value: "1"
    unit: 天
    minimum: 1
    maximum: 30
    source: 本系统定义
reach: {days: 0}
evidence:
  found: 重叠天数
  limit: 最少天数
  related: 另一次住院
not_a_violation: 转院当日两边未及时办理出院;会诊转检
note: >
  同一人在不同机构的住院重叠至少一个整日(一边出院日即另一边入院日不算);命中在基金支付较小的一次
owner: 基金监管科
reviewed: 2026-11-22
*/
with

overlapping as (

    select
        smaller.mdtrt_id,
        other.mdtrt_id as other_id,
        date_diff(
            'day',
            greatest(smaller.begn_day, other.begn_day),
            least(smaller.end_day, other.end_day)
        ) as overlap_days
    from base_stay as smaller
    inner join base_stay as other
        on smaller.psn_no = other.psn_no
    where
        smaller.fixmedins_code <> other.fixmedins_code
        and smaller.begn_day < other.end_day
        and other.begn_day < smaller.end_day
        and date_diff(
            'day',
            greatest(smaller.begn_day, other.begn_day),
            least(smaller.end_day, other.end_day)
        ) >= $min_days
        -- the stay that cost the fund less; of equals the one that began later
        and (
            smaller.fund_pay_sumamt < other.fund_pay_sumamt
            or (
                smaller.fund_pay_sumamt = other.fund_pay_sumamt
                and (
                    smaller.begntime > other.begntime
                    or (smaller.begntime = other.begntime and smaller.mdtrt_id > other.mdtrt_id)
                )
            )
        )

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
    cast(null as varchar) as found_text,
    cast(overlapping.overlap_days as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast($min_days as decimal(18, 4)) as limit_num,
    overlapping.other_id as related_id
from base_settlement as line
inner join overlapping on line.mdtrt_id = overlapping.mdtrt_id
where line.setl_day between $period_start and $period_end
qualify row_number() over (partition by line.setl_id order by overlapping.overlap_days desc, overlapping.other_id asc) = 1
