/*
grain: one row
note: confirmed and deducted as in the review funnel: confirmed by 复审, deducted less what was paid back
*/
select
    count(*) as suspicion_cnt,
    cast(coalesce(sum(checkout_suspt_amt), 0) as decimal(18, 2)) as flagged_amt,
    count(*) filter (where finl_chk_vola_flag = '1') as confirmed_cnt,
    cast(
        coalesce(sum(cnfm_vola_amt) filter (where finl_chk_vola_flag = '1'), 0) as decimal(18, 2)
    ) as confirmed_amt,
    count(*) filter (where det_flag = '1') as deducted_cnt,
    cast(
        coalesce(
            sum(coalesce(vola_det_amt, 0) - coalesce(rvis_amt, 0)) filter (where det_flag = '1'), 0
        ) as decimal(18, 2)
    ) as deducted_amt
from stg_doc_suspt_d
where ym >= $ym and list_contains(cast($doc_ids as varchar[]), doc_id)
