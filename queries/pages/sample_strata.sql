/*
grain: one row per institution and 住院/门诊 of the issue: documents that passed first review and their declared fund amount
*/
select
    doc.fixmedins_code,
    case when med_type.inpatient = '1' then '住院' else '门诊' end as care_kind,
    count(*) as doc_cnt,
    coalesce(sum(doc.dcla_fund_amt), 0) as fund_amt
from stg_doc_d as doc
left join dim_med_type as med_type on doc.med_type = med_type.med_type
where
    doc.issue = $issue
    and coalesce(doc.chk_vola_flag, '0') = '0'
group by 1, 2
order by 1, 2
