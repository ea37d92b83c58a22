/*
grain: one row per link of the settlement to a case or a finding
note: recovered amounts are those of the whole finding (handlings of type 32), of which the settlement is one part
*/
with

recovery as (

    select
        finding_id,
        sum(coalesce(amt_due, 0)) as due_amt,
        sum(coalesce(amt_done, 0)) as done_amt
    from fct_handling
    where handle_type = '32' and finding_id is not null
    group by finding_id

)

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
    link.amt,
    cast(recovery.due_amt as decimal(18, 2)) as due_amt,
    cast(recovery.done_amt as decimal(18, 2)) as done_amt
from stg_case_claim as link
left join fct_finding as finding on link.finding_id = finding.finding_id
left join fct_case as clue_case on coalesce(link.case_id, finding.case_id) = clue_case.case_id
left join fct_inspection as inspection on finding.insp_id = inspection.insp_id
left join recovery on link.finding_id = recovery.finding_id
where link.setl_id = $setl_id
order by link.link_id
