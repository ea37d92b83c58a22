/*
grain: one row per review document of the settlement
*/
select
    doc_id,
    ym,
    issue,
    dcla_time,
    medfee_sumamt,
    dcla_fund_amt,
    chker,
    chktime,
    chk_vola_flag,
    smpl_flag,
    smpl_rchker,
    smpl_rchk_time,
    smpl_vola_amt
from stg_doc_d
where ym >= $ym and fixmedins_code = $code and setl_id = $setl_id
order by dcla_time, doc_id
