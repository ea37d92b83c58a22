/*
grain: one row per document of the issue that the platform marks as drawn or reviewed again
appeal_amt: the amount after appeal, from the suspicions of source 3 (抽检复审): their confirmed amounts where every one of
them has a final decision, null before that
*/
with

appealed as (

    select
        doc_id,
        count(*) as suspicion_cnt,
        sum(case when finl_chk_vola_flag is null then 0 else 1 end) as decided_cnt,
        sum(case when finl_chk_vola_flag = '1' then coalesce(cnfm_vola_amt, 0) else 0 end) as confirmed_amt,
        max(cast(finl_chktime as date)) as decided_date
    from stg_doc_suspt_d
    where suspt_souc = '3'
    group by doc_id

)

select
    doc.doc_id,
    doc.setl_id,
    doc.fixmedins_code,
    case when med_type.inpatient = '1' then '住院' else '门诊' end as care_kind,
    case when coalesce(doc.chk_vola_flag, '0') = '0' then 1 else 0 end as is_passed,
    doc.medfee_sumamt,
    doc.dcla_fund_amt,
    doc.chker,
    doc.smpl_flag,
    doc.smpl_rchker,
    cast(doc.smpl_rchk_time as date) as smpl_rchk_date,
    doc.smpl_vola_amt,
    case when appealed.decided_cnt = appealed.suspicion_cnt then appealed.confirmed_amt end as appeal_amt,
    appealed.decided_date as appeal_date
from fct_sampled_doc as doc
left join dim_med_type as med_type on doc.med_type = med_type.med_type
left join appealed on doc.doc_id = appealed.doc_id
where doc.issue = $issue
order by doc.doc_id
