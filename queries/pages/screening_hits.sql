/*
grain: one row per hit in the period, newest first; evidence is that of the line with the greatest amount; total_cnt rows before the page was cut
filters: a null value or list means all; true_hits and excluded_hits are the hits on which a person's word stands
*/
with

said as (

    select
        unnest(cast($true_hits as varchar[])) as hit_id,
        '属实' as verdict
    union all
    select
        unnest(cast($excluded_hits as varchar[])) as hit_id,
        '排除' as verdict

),

hit as (

    select
        found.hit_id,
        found.rule_id,
        found.ym,
        found.setl_id,
        found.fixmedins_code,
        found.psn_no,
        found.dr_code,
        found.hit_date,
        found.amount_at_issue,
        found.level,
        found.line_cnt,
        found.found_text,
        found.found_num,
        found.limit_text,
        found.limit_num,
        institution.fixmedins_name,
        coalesce(said.verdict, '未核实') as verdict
    from fct_rule_hit as found
    left join dim_institution as institution on found.fixmedins_code = institution.fixmedins_code
    left join said on found.hit_id = said.hit_id
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

)

select
    hit.hit_id,
    hit.rule_id,
    rule.title,
    hit.level,
    hit.verdict,
    hit.hit_date,
    hit.ym,
    hit.setl_id,
    hit.fixmedins_code,
    hit.fixmedins_name,
    hit.psn_no,
    hit.dr_code,
    hit.line_cnt,
    hit.amount_at_issue,
    hit.found_text,
    hit.found_num,
    hit.limit_text,
    hit.limit_num,
    count(*) over () as total_cnt
from hit
inner join dim_rule as rule on hit.rule_id = rule.rule_id
order by hit.hit_date desc, hit.setl_id asc, hit.rule_id asc
limit $row_cnt offset $skip_cnt
