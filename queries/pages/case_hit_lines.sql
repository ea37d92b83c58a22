/*
grain: one row per line that made a stored hit on the settlement
*/
select
    hit_id,
    rule_id,
    line_of,
    line_id,
    line_amt,
    found_text,
    found_num,
    limit_text,
    limit_num,
    related_id
from fct_rule_hit_line
where ym = $ym and setl_id = $setl_id
order by rule_id, line_id
