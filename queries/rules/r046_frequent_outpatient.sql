/*
title: 频繁门诊
class: 管理类
basis: 医疗保障基金使用监督管理条例 第四十一条
level: 提示
amount_method: M0
lines: setl_d
needs:
  tables: [setl_d]
params:
  visits_a_month:
    label: 一个月门诊次数
    value: "10"
    unit: 次
    minimum: 2
    maximum: 100
    source: 本系统定义
  visits_a_day:
    label: 一日门诊次数
    value: "3"
    unit: 次
    minimum: 2
    maximum: 50
    source: 本系统定义
reach: {unit: month}
evidence:
  found: 门诊次数
  limit: 次数
not_a_violation: 透析、康复等需多次门诊的治疗;一次就诊在多个科室分别挂号
note: >
  按人、按就诊开始日所在的自然月和自然日,跨机构合计;每个就诊计一次;对当月(当日)的每张结算各出一条线索
owner: 基金监管科
reviewed: 2026-11-22
*/
with

month_count as (

    select
        psn_no,
        year(begndate) * 100 + month(begndate) as month_number,
        count(distinct mdtrt_id) as visit_cnt
    from base_settlement
    where outpatient = '1'
    group by psn_no, year(begndate) * 100 + month(begndate)

),

day_count as (

    select
        psn_no,
        begndate,
        count(distinct mdtrt_id) as visit_cnt
    from base_settlement
    where outpatient = '1'
    group by psn_no, begndate

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_id as line_id,
    line.psn_no as group_key,
    cast(null as decimal(16, 2)) as line_amt,
    case when month_count.visit_cnt >= $visits_a_month then '当月次数' else '当日次数' end as found_text,
    cast(case when month_count.visit_cnt >= $visits_a_month then month_count.visit_cnt else day_count.visit_cnt end as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(case when month_count.visit_cnt >= $visits_a_month then $visits_a_month else $visits_a_day end as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from base_settlement as line
inner join month_count
    on
        line.psn_no = month_count.psn_no
        and year(line.begndate) * 100 + month(line.begndate) = month_count.month_number
inner join day_count
    on
        line.psn_no = day_count.psn_no
        and line.begndate = day_count.begndate
where
    line.outpatient = '1'
    and (month_count.visit_cnt >= $visits_a_month or day_count.visit_cnt >= $visits_a_day)
    and line.setl_day between $period_start and $period_end
