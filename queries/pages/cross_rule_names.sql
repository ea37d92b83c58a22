/*
grain: one row per rule that reminders, suspicions or screening hits name, with the name it bears
*/
select
    named.rule_id,
    max(named.rule_name) as rule_name
from (
    select
        rule_id,
        rule_name
    from fct_reminder_month
    union all
    select
        rule_id,
        rule_name
    from fct_suspicion_month
    union all
    select
        rule_id,
        title as rule_name
    from dim_rule
) as named
where named.rule_id is not null and named.rule_name is not null
group by named.rule_id
order by named.rule_id
