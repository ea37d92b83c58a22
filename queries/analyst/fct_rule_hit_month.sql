-- The hits of fct_rule_hit added up by month of settlement: no claim, person, doctor or evidence.
select
    ym,
    fixmedins_code,
    rule_id,
    level,
    insutype,
    med_type,
    count(*) as hit_cnt,
    cast(sum(amount_at_issue) as decimal(16, 2)) as amount_at_issue
from fct_rule_hit
group by ym, fixmedins_code, rule_id, level, insutype, med_type
order by ym, fixmedins_code, rule_id, level, insutype, med_type
