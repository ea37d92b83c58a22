/*
One row per reminder in the period under the filters, with the name of its institution. A null list means all.
*/
select
    reminder.*,
    institution.fixmedins_name
from stg_bffact_warn_rslt_d as reminder
left join dim_institution as institution on reminder.fixmedins_code = institution.fixmedins_code
where
    reminder.ym between strftime($first_day, '%Y-%m') and strftime($last_day, '%Y-%m')
    and cast(reminder.crte_time as date) between $first_day and $last_day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
