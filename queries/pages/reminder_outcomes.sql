/*
grain: one row per way a reminder ended between $first_day and $last_day
note: changed (2), continued with a reason written, continued without one (1), unanswered (blank)
filters: a null list means all
*/
select
    case
        when reminder.warn_dspo_way = '2' then 'changed'
        when reminder.warn_dspo_way = '1' and reminder.warn_dspo_way_dscr is not null then 'reasoned'
        when reminder.warn_dspo_way = '1' then 'unreasoned'
        else 'unanswered'
    end as outcome,
    count(*) as warn_cnt,
    cast(sum(coalesce(reminder.vola_amt, 0)) as decimal(16, 2)) as vola_amt
from stg_bffact_warn_rslt_d as reminder
left join dim_institution as institution on reminder.fixmedins_code = institution.fixmedins_code
where
    reminder.ym between strftime($first_day, '%Y-%m') and strftime($last_day, '%Y-%m')
    and cast(reminder.crte_time as date) between $first_day and $last_day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
group by outcome
order by outcome
