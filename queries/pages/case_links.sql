/*
grain: one row per link of the settlement to a case or a finding
*/
select
    link.link_id,
    coalesce(link.case_id, finding.case_id) as case_id,
    clue_case.title,
    clue_case.case_stas,
    clue_case.opened_date,
    link.finding_id,
    finding.vola_nature,
    finding.found_date,
    finding.insp_id,
    inspection.insp_date,
    inspection.insp_method,
    link.doc_suspt_id,
    link.rule_id,
    link.amt
from stg_case_claim as link
left join fct_finding as finding on link.finding_id = finding.finding_id
left join fct_case as clue_case on coalesce(link.case_id, finding.case_id) = clue_case.case_id
left join fct_inspection as inspection on finding.insp_id = inspection.insp_id
where link.setl_id = $setl_id
order by link.link_id
