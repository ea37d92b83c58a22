/*
grain: one row for the reminder asked, none when its ID is unknown
note: for a visit without settlement; a claim reads the reminders of its own visit
*/
select
    reminder.warn_rslt_id,
    reminder.crte_time,
    reminder.rule_name,
    reminder.vola_amt,
    reminder.warn_dspo_way,
    reminder.warn_dspo_way_dscr,
    reminder.fixmedins_code,
    institution.fixmedins_name
from stg_bffact_warn_rslt_d as reminder
left join dim_institution as institution on reminder.fixmedins_code = institution.fixmedins_code
where reminder.warn_rslt_id = $warn_rslt_id
