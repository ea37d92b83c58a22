/*
One row per suspicion under the filters, of any day. A null list means all.
*/
select suspicion.*
from fct_suspicion as suspicion
left join dim_institution as institution on suspicion.fixmedins_code = institution.fixmedins_code
where
    ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
    and ($insutype is null or list_contains($insutype, suspicion.insutype))
