/*
One row per settlement in force (no refund, not refunded) in the period under the filters. A null list means all.
*/
select settlement.fixmedins_code
from stg_setl_d as settlement
left join dim_institution as institution on settlement.fixmedins_code = institution.fixmedins_code
where
    settlement.ym between strftime($first_day, '%Y-%m') and strftime($last_day, '%Y-%m')
    and cast(settlement.setl_time as date) between $first_day and $last_day
    and settlement.vali_flag = '1'
    and settlement.refd_setl_flag is distinct from '1'
    and not exists (
        select 1 from stg_setl_d as refund
        where refund.vali_flag = '1' and refund.refd_setl_flag = '1' and refund.init_setl_id = settlement.setl_id
    )
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
