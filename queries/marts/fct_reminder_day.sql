/*
grain: one row per day of crte_time, institution, rule and answer
key: [crte_date, fixmedins_code, rule_id, warn_dspo_way]
by_month: ym
note: warn_dspo_way is 1 went on, 2 went back and changed, 0 no answer (blank in the source)
*/
select
    ym,
    cast(crte_time as date) as crte_date,
    fixmedins_code,
    rule_id,
    coalesce(warn_dspo_way, '0') as warn_dspo_way,
    max(rule_name) as rule_name,
    count(*) as warn_cnt,
    cast(sum(coalesce(vola_amt, 0)) as decimal(16, 2)) as vola_amt
from stg_bffact_warn_rslt_d
group by ym, cast(crte_time as date), fixmedins_code, rule_id, coalesce(warn_dspo_way, '0')
