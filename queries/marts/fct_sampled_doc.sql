/*
grain: one row per review document that the platform marks as drawn for the second review or reviewed again
key: [doc_id]
by_month: ym
months_of: [stg_doc_d]
*/
select
    ym,
    doc_id,
    setl_id,
    fixmedins_code,
    med_type,
    issue,
    medfee_sumamt,
    dcla_fund_amt,
    chker,
    chk_vola_flag,
    smpl_flag,
    smpl_rchker,
    smpl_rchk_time,
    smpl_vola_amt
from stg_doc_d
where smpl_flag = '1' or smpl_rchk_time is not null
