/*
grain: one row per handling of the case
*/
select
    handle_id,
    decided_date,
    handle_type,
    psn_object,
    amt_due,
    amt_done,
    done_date,
    begndate,
    enddate,
    handle_stas
from fct_handling
where case_id = $case_id
order by decided_date, handle_id
