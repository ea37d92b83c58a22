/*
grain: one row per hit in the period, newest first; evidence is that of the line with the greatest amount; total_cnt rows before the page was cut
filters: as step_screened_hit
*/
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
from step_screened_hit as hit
inner join dim_rule as rule on hit.rule_id = rule.rule_id
order by hit.hit_date desc, hit.setl_id asc, hit.rule_id asc
limit $row_cnt offset $skip_cnt
