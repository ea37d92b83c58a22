/*
title: 药店高频大额
class: 管理类
basis: 医疗保障基金使用监督管理条例 第四十条
level: 提示
amount_method: M0
lines: setl_d
needs:
  tables: [setl_d]
params:
  trades_a_year:
    label: 一年购药次数上限
    value: "50"
    unit: 次
    minimum: 1
    maximum: 1000
    source: 社保基金审计模型(药店高频大额)
  average_amt:
    label: 次均金额上限
    value: "500"
    unit: 元
    minimum: 1
    maximum: 100000
    source: 社保基金审计模型(药店高频大额)
  single_amt:
    label: 单笔金额上限
    value: "2000"
    unit: 元
    minimum: 1
    maximum: 1000000
    source: 社保基金审计模型(药店高频大额)
reach: {unit: year}
evidence:
  found: 次数或金额
  limit: 上限
not_a_violation: 双通道高价药;慢特病患者按月购药
note: >
  同一人、自然年、所有药店;次均以合计大于次数乘上限判断
owner: 基金监管科
reviewed: 2026-11-22
*/
with

person_year as (

    select
        psn_no,
        year(setl_day) as year_number,
        count(*) as trades,
        sum(medfee_sumamt) as total_amt
    from base_settlement
    where pharmacy = '1'
    group by psn_no, year(setl_day)

),

judged as (

    select
        line.*,
        case
            when line.medfee_sumamt > $single_amt then '单笔金额'
            when person_year.trades > $trades_a_year then '年购药次数'
            when person_year.total_amt > person_year.trades * $average_amt then '年购药合计金额'
        end as reason,
        person_year.trades,
        person_year.total_amt
    from base_settlement as line
    inner join person_year
        on
            line.psn_no = person_year.psn_no
            and year(line.setl_day) = person_year.year_number
    where line.pharmacy = '1'

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
    line.reason as found_text,
    cast(case line.reason when '单笔金额' then line.medfee_sumamt when '年购药次数' then line.trades else line.total_amt end as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(case line.reason when '单笔金额' then $single_amt when '年购药次数' then $trades_a_year else line.trades * $average_amt end as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from judged as line
where
    line.reason is not null
    and line.setl_day between $period_start and $period_end
