/*
grain: one row per doctor (dr_code: of the leading line) and institution with a hit in the period, those hit by most rules first; total_cnt rows before the page was cut
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
        found.rule_id,
        found.setl_id,
        found.fixmedins_code,
        found.psn_no,
        found.dr_code,
        found.hit_date,
        found.amount_at_issue,
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
    fixmedins_code,
    max(fixmedins_name) as fixmedins_name,
    dr_code,
    count(distinct rule_id) as rule_cnt,
    string_agg(distinct rule_id, '、' order by rule_id) as rule_ids,
    count(distinct setl_id) as setl_cnt,
    count(distinct psn_no) as psn_cnt,
    count(*) as hit_cnt,
    count(*) filter (where verdict = '未核实') as open_cnt,
    count(*) filter (where verdict = '属实') as true_cnt,
    count(*) filter (where verdict = '排除') as excluded_cnt,
    cast(sum(amount_at_issue) as decimal(18, 2)) as amount_at_issue,
    max(hit_date) as last_date,
    count(*) over () as total_cnt
from hit
where dr_code is not null and ($rule_ids is null or list_contains($rule_ids, rule_id))
group by fixmedins_code, dr_code
order by rule_cnt desc, fixmedins_code asc, dr_code asc
limit $row_cnt offset $skip_cnt
