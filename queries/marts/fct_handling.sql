/*
grain: one row per handling
key: [handle_id]
same_rows_as: stg_handling
note: a blank institution is filled from the finding (its own, else those of the case), then from the case
*/
with

case_finding as (

    -- an institution is read from a case's findings only when they all name the same one
    select
        case_id,
        min(fixmedins_code) as fixmedins_code
    from stg_finding
    where case_id is not null
    group by case_id
    having count(distinct fixmedins_code) = 1

)

select
    handling.handle_id,
    handling.finding_id,
    handling.case_id,
    coalesce(
        handling.fixmedins_code, finding.fixmedins_code, case_finding.fixmedins_code, clue_case.fixmedins_code
    ) as fixmedins_code,
    handling.psn_object,
    handling.handle_type,
    handling.decided_date,
    handling.amt_due,
    handling.amt_done,
    handling.done_date,
    -- the day an amount counts as recovered (precise.md, recovered_amount)
    coalesce(handling.done_date, handling.decided_date) as recovered_date,
    handling.begndate,
    handling.enddate,
    handling.handle_stas
from stg_handling as handling
left join stg_finding as finding on handling.finding_id = finding.finding_id
left join case_finding on handling.case_id = case_finding.case_id
left join stg_clue_case as clue_case on handling.case_id = clue_case.case_id
