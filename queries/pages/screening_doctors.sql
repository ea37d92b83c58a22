/*
grain: one row per doctor (dr_code: of the leading line) and institution with a hit in the period, those hit by most rules first; total_cnt rows before the page was cut
filters: as step_screened_hit
*/
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
from step_screened_hit
where dr_code is not null and ($rule_ids is null or list_contains($rule_ids, rule_id))
group by fixmedins_code, dr_code
order by rule_cnt desc, fixmedins_code asc, dr_code asc
limit $row_cnt offset $skip_cnt
