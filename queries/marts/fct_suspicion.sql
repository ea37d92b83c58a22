/*
grain: one row per suspicion
key: [doc_suspt_id]
same_rows_as: stg_doc_suspt_d
note: >
  institution, insurance type, settlement and day of declaration are those of its document, null when the document is not loaded.
  deducted_amt is what was taken, less what was paid back; 0 where nothing was taken. Not built by month: the document may lie in another
  month than its suspicion
*/
select
    suspicion.ym,
    suspicion.doc_suspt_id,
    suspicion.doc_id,
    doc.setl_id,
    doc.fixmedins_code,
    doc.insutype,
    cast(doc.dcla_time as date) as dcla_date,
    suspicion.rule_id,
    suspicion.rule_name,
    suspicion.suspt_souc,
    cast(suspicion.checkout_time as date) as checkout_date,
    cast(suspicion.push_time as date) as push_date,
    cast(suspicion.finl_chktime as date) as finl_chk_date,
    suspicion.chker,
    suspicion.rchker,
    suspicion.finl_chker,
    suspicion.chk_vola_flag,
    suspicion.finl_chk_vola_flag,
    suspicion.appl_flag,
    suspicion.det_flag,
    suspicion.conv_audits_flag,
    suspicion.checkout_suspt_amt,
    suspicion.chk_vola_amt,
    suspicion.cnfm_vola_amt,
    case
        when suspicion.det_flag = '1'
            then coalesce(suspicion.vola_det_amt, 0) - coalesce(suspicion.rvis_amt, 0)
        else 0
    end as deducted_amt
from stg_doc_suspt_d as suspicion
left join stg_doc_d as doc on suspicion.doc_id = doc.doc_id
