/*
grain: one row per month of checkout_time, institution and rule
key: [ym, fixmedins_code, rule_id]
nullable_key: [fixmedins_code]
note: >
  the four steps are 检出, 初审, 确认, 扣款; the institution is that of the suspicion's document, null when the document is not
  loaded. Not built by month: a document may lie in another month than its suspicion
*/
select
    suspicion.ym,
    doc.fixmedins_code,
    suspicion.rule_id,
    max(suspicion.rule_name) as rule_name,
    count(*) as flagged_cnt,
    cast(sum(suspicion.checkout_suspt_amt) as decimal(16, 2)) as flagged_amt,
    cast(sum(case when suspicion.chk_vola_flag = '1' then 1 else 0 end) as bigint) as first_review_cnt,
    cast(
        sum(case when suspicion.chk_vola_flag = '1' then coalesce(suspicion.chk_vola_amt, 0) else 0 end)
        as decimal(16, 2)
    ) as first_review_amt,
    cast(sum(case when suspicion.appl_flag = '1' then 1 else 0 end) as bigint) as appeal_cnt,
    cast(sum(case when suspicion.finl_chk_vola_flag = '1' then 1 else 0 end) as bigint) as confirmed_cnt,
    cast(
        sum(case when suspicion.finl_chk_vola_flag = '1' then coalesce(suspicion.cnfm_vola_amt, 0) else 0 end)
        as decimal(16, 2)
    ) as confirmed_amt,
    cast(sum(case when suspicion.det_flag = '1' then 1 else 0 end) as bigint) as deducted_cnt,
    cast(
        sum(
            case
                when suspicion.det_flag = '1'
                    then coalesce(suspicion.vola_det_amt, 0) - coalesce(suspicion.rvis_amt, 0)
                else 0
            end
        )
        as decimal(16, 2)
    ) as deducted_amt
from stg_doc_suspt_d as suspicion
left join stg_doc_d as doc on suspicion.doc_id = doc.doc_id
group by suspicion.ym, doc.fixmedins_code, suspicion.rule_id
