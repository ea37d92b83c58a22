/*
grain: one row per rule of the library
*/
select
    rule_id,
    title
from dim_rule
order by rule_id
