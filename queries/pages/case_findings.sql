/*
grain: one row per finding of the case
*/
select
    finding_id,
    insp_id,
    insp_date,
    insp_method,
    fixmedins_code,
    found_date,
    vola_nature,
    amt,
    notice_no
from fct_finding
where case_id = $case_id
order by found_date, finding_id
