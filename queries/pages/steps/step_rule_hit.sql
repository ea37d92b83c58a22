/*
One row per hit in the period under the filters, with the name of its institution. A null list means all.
*/
select
    found.*,
    institution.fixmedins_name
from fct_rule_hit as found
left join dim_institution as institution on found.fixmedins_code = institution.fixmedins_code
where
    found.hit_date between $first_day and $last_day
    and ($insutype is null or list_contains($insutype, found.insutype))
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
