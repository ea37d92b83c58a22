/*
One row per case in the books between $first_day and $day under the filters, with the name of its institution. A null list means all.
*/
select
    listed.*,
    institution.fixmedins_name
from fct_case as listed
left join dim_institution as institution on listed.fixmedins_code = institution.fixmedins_code
where
    listed.opened_date <= $day
    and (listed.closed_date is null or listed.closed_date >= $first_day)
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
