/*
title: 病种次均费用离群
class: 管理类
basis: null
level: 提示
amount_method: M0
lines: setl_d
needs:
  tables: [setl_d, mdtrt_d]
params:
  z_limit:
    label: 离群标准差倍数
    value: "3"
    unit: 倍
    minimum: 2
    maximum: 9
    source: 社保基金审计模型(次均费用离群)
  min_stays:
    label: 同类住院最少例数
    value: "30"
    unit: 例
    minimum: 5
    maximum: 10000
    source: 本系统定义
reach: {unit: year, others: true}
evidence:
  found: 住院总费用(元,诊断类目)
  limit: 同类住院例数
not_a_violation: "合并症、并发症重,费用合理偏高;分段结算合并"
note: >
  同一诊断类目(前三位)、同一机构等级、同一自然年(按出院日)的住院,费用超过均值3个标准差;同类不足30例不判断
owner: 基金监管科
reviewed: 2026-11-22
*/
with

stay as (

    select
        base_stay.*,
        year(base_stay.end_day) as year_number,
        left(base_stay.main_diag_code, 3) as category,
        -- whole yuan keeps the squares inside the decimal range
        cast(base_stay.medfee_sumamt as decimal(10, 0)) as yuan
    from base_stay
    where base_stay.main_diag_code is not null and base_stay.level_class is not null

),

peers as (

    select
        category,
        level_class,
        year_number,
        count(*) as stay_cnt,
        -- wider than 18 digits: DuckDB multiplies narrower decimals as 64-bit integers and fails beyond them
        cast(sum(yuan) as decimal(19, 0)) as sum_yuan,
        cast(sum(cast(cast(yuan as decimal(19, 0)) * yuan as decimal(20, 0))) as decimal(27, 0)) as sum_square
    from stay
    group by category, level_class, year_number

),

scored as (

    select
        stay.mdtrt_id,
        stay.category,
        stay.yuan,
        peers.stay_cnt,
        peers.sum_yuan,
        cast(peers.stay_cnt * stay.yuan - peers.sum_yuan as decimal(19, 0)) as above_mean,
        cast(
            cast(peers.stay_cnt as decimal(7, 0)) * peers.sum_square
            - cast(peers.sum_yuan * peers.sum_yuan as decimal(34, 0))
            as decimal(34, 0)
        ) as spread
    from stay
    inner join peers
        on
            stay.category = peers.category
            and stay.level_class = peers.level_class
            and stay.year_number = peers.year_number
    where peers.stay_cnt >= $min_stays

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_id as line_id,
    line.mdtrt_id as group_key,
    cast(null as decimal(16, 2)) as line_amt,
    scored.category as found_text,
    cast(scored.yuan as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(scored.stay_cnt as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from base_settlement as line
inner join scored on line.mdtrt_id = scored.mdtrt_id
where
    -- z > limit, without a division: (n·x − Σx)² > limit² · (n·Σx² − (Σx)²)
    scored.above_mean > 0
    and cast(scored.above_mean * scored.above_mean as decimal(36, 0))
    > cast(scored.spread as decimal(34, 0)) * cast($z_limit * $z_limit as decimal(4, 0))
    and line.setl_day between $period_start and $period_end
