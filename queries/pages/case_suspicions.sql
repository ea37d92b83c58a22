/*
grain: one row per suspicion of the documents, with every step of its review
*/
select
    doc_suspt_id,
    doc_id,
    rule_id,
    rule_name,
    rule_sev_deg,
    suspt_souc,
    checkout_time,
    checkout_suspt_amt,
    chker,
    chktime,
    chk_vola_flag,
    chk_vola_amt,
    rchker,
    rchk_time,
    rchk_vola_flag,
    push_time,
    appl_ddln,
    appl_flag,
    appl_time,
    appl_amt,
    appl_rea,
    finl_chker,
    finl_chktime,
    finl_chk_vola_flag,
    cnfm_vola_amt,
    fdbk_time,
    det_flag,
    det_time,
    vola_det_amt,
    rvis_amt,
    conv_audits_flag
from stg_doc_suspt_d
where ym >= $ym and list_contains(cast($doc_ids as varchar[]), doc_id)
order by checkout_time, doc_suspt_id
