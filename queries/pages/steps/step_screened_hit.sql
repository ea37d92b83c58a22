/*
One row per hit in the period that the choices of 疑点筛查 keep, with what was said of it. A null value or list means all.
*/
select
    found.*,
    institution.fixmedins_name,
    coalesce(said.verdict, '未核实') as verdict
from fct_rule_hit as found
left join dim_institution as institution on found.fixmedins_code = institution.fixmedins_code
left join step_said as said on found.hit_id = said.hit_id
where
    found.ym between strftime($first_day, '%Y-%m') and strftime($last_day, '%Y-%m')
    and found.hit_date between $first_day and $last_day
    and ($level is null or found.level = $level)
    and ($rule_id is null or found.rule_id = $rule_id)
    and ($verdict is null or coalesce(said.verdict, '未核实') = $verdict)
    and ($code is null or found.fixmedins_code = $code)
    and ($psn_no is null or found.psn_no = $psn_no)
    and ($dr_code is null or found.dr_code = $dr_code)
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
