/*
grain: one row per claim of the case, by itself or through a finding of the case
note: claims themselves are not read here; a row opens its claim
*/
select
    link.link_id,
    link.setl_id,
    link.finding_id,
    link.doc_suspt_id,
    link.rule_id,
    link.amt
from stg_case_claim as link
where
    link.case_id = $case_id
    or link.finding_id in (
        select finding_id
        from fct_finding
        where case_id = $case_id
    )
order by link.link_id
