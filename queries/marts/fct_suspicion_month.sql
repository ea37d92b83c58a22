/*
grain: one row per month of checkout_time, institution and rule
key: [ym, fixmedins_code, rule_id]
nullable_key: [fixmedins_code]
note: >
  the four steps are 检出, 初审, 确认, 扣款; the institution is that of the suspicion's document, null when the document is not
  loaded. Not built by month: a document may lie in another month than its suspicion
*/
select
    ym,
    fixmedins_code,
    rule_id,
    max(rule_name) as rule_name,
    count(*) as flagged_cnt,
    cast(sum(checkout_suspt_amt) as decimal(16, 2)) as flagged_amt,
    cast(sum(case when chk_vola_flag = '1' then 1 else 0 end) as bigint) as first_review_cnt,
    cast(sum(case when chk_vola_flag = '1' then coalesce(chk_vola_amt, 0) else 0 end) as decimal(16, 2)) as first_review_amt,
    cast(sum(case when appl_flag = '1' then 1 else 0 end) as bigint) as appeal_cnt,
    cast(sum(case when finl_chk_vola_flag = '1' then 1 else 0 end) as bigint) as confirmed_cnt,
    cast(sum(case when finl_chk_vola_flag = '1' then coalesce(cnfm_vola_amt, 0) else 0 end) as decimal(16, 2)) as confirmed_amt,
    cast(sum(case when det_flag = '1' then 1 else 0 end) as bigint) as deducted_cnt,
    cast(sum(deducted_amt) as decimal(16, 2)) as deducted_amt
from fct_suspicion
group by ym, fixmedins_code, rule_id
