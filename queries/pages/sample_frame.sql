/*
grain: one row per document of the issue that passed first review (looked at and not found wrong), the frame of the second review
*/
select
    doc.doc_id,
    doc.setl_id,
    doc.fixmedins_code,
    case when med_type.inpatient = '1' then '住院' else '门诊' end as care_kind,
    doc.medfee_sumamt,
    doc.dcla_fund_amt,
    doc.chker
from stg_doc_d as doc
left join dim_med_type as med_type on doc.med_type = med_type.med_type
where
    doc.issue = $issue
    and (doc.chk_vola_flag = '0' or (doc.chk_vola_flag is null and doc.chktime is not null))
order by doc.doc_id
