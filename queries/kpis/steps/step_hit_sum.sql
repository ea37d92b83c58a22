/*
One row per rule, level, institution and insurance type with hits: by month where the whole month lies in the period, else by day of it.
*/
select
    cast(ym || '-01' as date) as hit_date,
    rule_id,
    level,
    fixmedins_code,
    insutype,
    hit_cnt,
    amount_at_issue
from fct_hit_month
where cast(ym || '-01' as date) >= $period_start and last_day(cast(ym || '-01' as date)) <= $period_end
union all
select
    hit_date,
    rule_id,
    level,
    fixmedins_code,
    insutype,
    hit_cnt,
    amount_at_issue
from fct_hit_day
where
    ym in (left(cast($period_start as varchar), 7), left(cast($period_end as varchar), 7))
    and hit_date between $period_start and $period_end
    and (cast(ym || '-01' as date) < $period_start or last_day(hit_date) > $period_end)
