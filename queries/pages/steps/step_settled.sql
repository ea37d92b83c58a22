/*
One row per day and institution with settlements in force (no refund, not refunded) in the period under the filters: setl_cnt of them. A null
list means all.
*/
select
    settled.fixmedins_code,
    settled.setl_cnt
from fct_settled_day as settled
left join dim_institution as institution on settled.fixmedins_code = institution.fixmedins_code
where
    settled.setl_date between $first_day and $last_day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
