/*
grain: one row per day of crte_time, institution, rule and answer
key: [crte_date, fixmedins_code, rule_id, warn_dspo_way]
by_month: ym
note: warn_dspo_way is 1 went on, 2 went back and changed, 0 no answer (blank in the source); reasoned_cnt of those that went on wrote a reason
*/
select
    ym,
    cast(crte_time as date) as crte_date,
    fixmedins_code,
    rule_id,
    coalesce(warn_dspo_way, '0') as warn_dspo_way,
    max(rule_name) as rule_name,
    count(*) as warn_cnt,
    cast(sum(coalesce(vola_amt, 0)) as decimal(16, 2)) as vola_amt,
    sum(case when warn_dspo_way = '1' and warn_dspo_way_dscr is not null then 1 else 0 end) as reasoned_cnt,
    cast(
        sum(case when warn_dspo_way = '1' and warn_dspo_way_dscr is not null then coalesce(vola_amt, 0) else 0 end) as decimal(16, 2)
    ) as reasoned_amt
from stg_bffact_warn_rslt_d
group by ym, cast(crte_time as date), fixmedins_code, rule_id, coalesce(warn_dspo_way, '0')
