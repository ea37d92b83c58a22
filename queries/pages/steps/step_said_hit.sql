/*
One row per hit of the period on which a person's word stands, under the choices of 疑点筛查. A null value or list means all.
*/
select
    found.ym,
    found.rule_id,
    found.level,
    found.fixmedins_code,
    found.amount_at_issue,
    said.verdict
from step_said as said
inner join fct_rule_hit as found on said.hit_id = found.hit_id
left join dim_institution as institution on found.fixmedins_code = institution.fixmedins_code
where
    found.ym between strftime($first_day, '%Y-%m') and strftime($last_day, '%Y-%m')
    and found.hit_date between $first_day and $last_day
    and ($level is null or found.level = $level)
    and ($rule_id is null or found.rule_id = $rule_id)
    and ($code is null or found.fixmedins_code = $code)
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
