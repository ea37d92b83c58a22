/*
grain: one row per stored hit on the settlement
*/
select
    hit.hit_id,
    hit.rule_id,
    rule.title,
    rule.class,
    hit.level,
    hit.version,
    hit.params_hash,
    hit.setl_id,
    hit.hit_date,
    hit.amount_at_issue,
    hit.line_cnt,
    month.params
from fct_rule_hit as hit
inner join dim_rule as rule on hit.rule_id = rule.rule_id
left join fct_rule_month as month on hit.rule_id = month.rule_id and hit.ym = month.ym
where hit.ym = $ym and hit.setl_id = $setl_id
order by hit.rule_id
