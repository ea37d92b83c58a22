/*
grain: one row for the case asked, none when its number is unknown
*/
select
    clue_case.case_id,
    clue_case.case_souc,
    clue_case.fixmedins_code,
    clue_case.is_institution_filled,
    institution.fixmedins_name,
    clue_case.title,
    clue_case.opened_date,
    clue_case.med_record_cnt,
    clue_case.due_date,
    clue_case.closed_date,
    clue_case.case_stas
from fct_case as clue_case
left join dim_institution as institution on clue_case.fixmedins_code = institution.fixmedins_code
where clue_case.case_id = $case_id
