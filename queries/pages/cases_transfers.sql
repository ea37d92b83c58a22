/*
grain: one row per handling of the types 60 to 64 (handed over to another authority, or its penalty) decided in the period
filters: a null list means all
*/
select
    handling.handle_id,
    handling.decided_date,
    handling.handle_type,
    handling.psn_object,
    handling.case_id,
    clue_case.title,
    handling.fixmedins_code,
    institution.fixmedins_name,
    handling.amt_due,
    handling.amt_done,
    handling.handle_stas
from fct_handling as handling
left join fct_case as clue_case on handling.case_id = clue_case.case_id
left join dim_institution as institution on handling.fixmedins_code = institution.fixmedins_code
where
    handling.handle_type in ('60', '61', '62', '63', '64')
    and handling.decided_date between $first_day and $last_day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
order by handling.decided_date desc, handling.handle_id asc
