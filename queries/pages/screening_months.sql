/*
grain: one row per month of settlement with a hit in the period
filters: as step_screened_hit
*/
select
    ym,
    count(distinct rule_id) as rule_cnt,
    count(distinct setl_id) as setl_cnt,
    count(distinct fixmedins_code) as institution_cnt,
    count(*) as hit_cnt,
    count(*) filter (where verdict = '未核实') as open_cnt,
    count(*) filter (where verdict = '属实') as true_cnt,
    count(*) filter (where verdict = '排除') as excluded_cnt,
    cast(sum(amount_at_issue) as decimal(18, 2)) as amount_at_issue
from step_screened_hit
group by ym
order by ym
