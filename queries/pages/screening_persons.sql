/*
grain: one row per insured person (pseudonym) with a hit in the period, those hit by most rules first; total_cnt rows before the page was cut
filters: as step_screened_hit
*/
select
    psn_no,
    count(distinct rule_id) as rule_cnt,
    string_agg(distinct rule_id, '、' order by rule_id) as rule_ids,
    count(distinct setl_id) as setl_cnt,
    count(distinct fixmedins_code) as institution_cnt,
    count(*) as hit_cnt,
    count(*) filter (where verdict = '未核实') as open_cnt,
    count(*) filter (where verdict = '属实') as true_cnt,
    count(*) filter (where verdict = '排除') as excluded_cnt,
    cast(sum(amount_at_issue) as decimal(18, 2)) as amount_at_issue,
    max(hit_date) as last_date,
    count(*) over () as total_cnt
from step_screened_hit
where psn_no is not null and ($rule_ids is null or list_contains($rule_ids, rule_id))
group by psn_no
order by rule_cnt desc, psn_no asc
limit $row_cnt offset $skip_cnt
