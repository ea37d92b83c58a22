/*
One row per screening hit with the title of its rule. A rule without an amount adds 0.
*/
select
    hit.*,
    rule.title as rule_title,
    coalesce(hit.amount_at_issue, 0) as issue_amt
from fct_rule_hit as hit
left join dim_rule as rule on hit.rule_id = rule.rule_id
