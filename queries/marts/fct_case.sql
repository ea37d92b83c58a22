/*
grain: one row per case
key: [case_id]
same_rows_as: stg_clue_case
note: a blank institution is filled from the findings of the case
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
    clue_case.case_id,
    clue_case.case_souc,
    coalesce(clue_case.fixmedins_code, case_finding.fixmedins_code) as fixmedins_code,
    case when clue_case.fixmedins_code is null and case_finding.fixmedins_code is not null then 1 else 0 end
        as is_institution_filled,
    clue_case.title,
    clue_case.opened_date,
    clue_case.med_record_cnt,
    clue_case.fraud_amt,
    clue_case.vola_amt,
    clue_case.due_date,
    clue_case.closed_date,
    clue_case.case_stas
from stg_clue_case as clue_case
left join case_finding on clue_case.case_id = case_finding.case_id
