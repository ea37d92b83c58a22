/*
grain: one row per institution and 住院/门诊 of the issue: documents that passed first review and their declared fund amount
*/
select
    fixmedins_code,
    care_kind,
    cast(sum(doc_cnt) as bigint) as doc_cnt,
    sum(dcla_fund_amt) as fund_amt
from fct_sample_day
where issue = $issue
group by fixmedins_code, care_kind
order by fixmedins_code, care_kind
