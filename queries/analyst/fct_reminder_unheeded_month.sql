-- The reminders of fct_reminder_override added up by month, with and without the look of a person.
select
    strftime(crte_date, '%Y-%m') as ym,
    fixmedins_code,
    rule_id,
    max(rule_name) as rule_name,
    warn_dspo_way,
    is_reviewed,
    count(*) as warn_cnt,
    cast(sum(vola_amt) as decimal(16, 2)) as vola_amt
from fct_reminder_override
group by all
order by ym, fixmedins_code, rule_id, warn_dspo_way, is_reviewed
