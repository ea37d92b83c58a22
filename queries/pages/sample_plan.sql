/*
grain: one row per stratum of the issue as a draw would make them: institution, 住院/门诊, at or above the certainty amount or not
certainty: yuan, null for no certainty stratum
*/
select
    doc.fixmedins_code,
    case when med_type.inpatient = '1' then '住院' else '门诊' end as care_kind,
    coalesce(coalesce(doc.dcla_fund_amt, 0) >= cast($certainty as decimal(18, 2)), false) as certain,
    count(*) as doc_cnt,
    coalesce(sum(doc.dcla_fund_amt), 0) as fund_amt
from stg_doc_d as doc
left join dim_med_type as med_type on doc.med_type = med_type.med_type
where
    doc.issue = $issue
    and (doc.chk_vola_flag = '0' or (doc.chk_vola_flag is null and doc.chktime is not null))
group by 1, 2, 3
order by 1, 2, 3
