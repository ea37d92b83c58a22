/*
grain: one row per rule with a suspicion on a document declared between $first_day and $last_day
note: the steps are those of the funnel; amounts as in the KPIs of the same names
filters: a null list means all
*/
select
    rule_id,
    max(rule_name) as rule_name,
    count(*) as flagged_cnt,
    cast(sum(checkout_suspt_amt) as decimal(16, 2)) as flagged_amt,
    count(*) filter (where chk_vola_flag = '1') as first_review_cnt,
    cast(coalesce(sum(chk_vola_amt) filter (where chk_vola_flag = '1'), 0) as decimal(16, 2))
        as first_review_amt,
    count(*) filter (where finl_chk_vola_flag = '1') as confirmed_cnt,
    cast(coalesce(sum(cnfm_vola_amt) filter (where finl_chk_vola_flag = '1'), 0) as decimal(16, 2))
        as confirmed_amt,
    count(*) filter (where det_flag = '1') as deducted_cnt,
    cast(sum(deducted_amt) as decimal(16, 2)) as deducted_amt,
    count(distinct fixmedins_code) as institution_cnt
from step_suspicion
where dcla_date between $first_day and $last_day
group by rule_id
order by rule_id
