/*
One row per review document: what was deducted for its suspicions, less what was paid back, and how many suspicions that was.
*/
with

deduction as (

    select
        doc_id,
        count(*) as suspt_cnt,
        sum(deducted_amt) as deducted_amt
    from fct_suspicion
    where det_flag = '1'
    group by doc_id

)

select
    doc.doc_id,
    doc.setl_id,
    doc.fixmedins_code,
    doc.insutype,
    doc.med_type,
    doc.dcla_time,
    doc.dcla_fund_amt,
    coalesce(deduction.suspt_cnt, 0) as suspt_cnt,
    coalesce(deduction.deducted_amt, 0) as deducted_amt
from stg_doc_d as doc
left join deduction on doc.doc_id = deduction.doc_id
