/*
One row per rule, level and institution with hits in the period under the choices of 疑点筛查: by month where the whole month lies in the
period, else by day of it. A null value or list means all.
*/
select
    summed.ym,
    summed.rule_id,
    summed.level,
    summed.fixmedins_code,
    summed.hit_cnt,
    summed.amount_cnt,
    summed.amount_at_issue
from (
    select
        ym,
        rule_id,
        level,
        fixmedins_code,
        hit_cnt,
        amount_cnt,
        amount_at_issue
    from fct_hit_month
    where cast(ym || '-01' as date) >= $first_day and last_day(cast(ym || '-01' as date)) <= $last_day
    union all
    select
        ym,
        rule_id,
        level,
        fixmedins_code,
        hit_cnt,
        amount_cnt,
        amount_at_issue
    from fct_hit_day
    where
        ym in (strftime($first_day, '%Y-%m'), strftime($last_day, '%Y-%m'))
        and hit_date between $first_day and $last_day
        and (cast(ym || '-01' as date) < $first_day or last_day(hit_date) > $last_day)
) as summed
left join dim_institution as institution on summed.fixmedins_code = institution.fixmedins_code
where
    ($level is null or summed.level = $level)
    and ($rule_id is null or summed.rule_id = $rule_id)
    and ($code is null or summed.fixmedins_code = $code)
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
