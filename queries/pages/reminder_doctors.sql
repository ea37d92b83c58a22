/*
grain: one row per institution and doctor with a reminder between $first_day and $last_day
note: dr_code is a person's code and shown to some roles only; a blank one is left out
filters: a null list means all
*/
select
    reminder.fixmedins_code,
    max(institution.fixmedins_name) as fixmedins_name,
    reminder.dr_code,
    count(*) as warn_cnt,
    count(*) filter (where reminder.warn_dspo_way = '2') as changed_cnt,
    count(*) filter (where reminder.warn_dspo_way = '1') as continued_cnt,
    count(*) filter (where reminder.warn_dspo_way is null) as unanswered_cnt,
    cast(sum(coalesce(reminder.vola_amt, 0)) as decimal(16, 2)) as vola_amt
from stg_bffact_warn_rslt_d as reminder
left join dim_institution as institution on reminder.fixmedins_code = institution.fixmedins_code
where
    reminder.ym between strftime($first_day, '%Y-%m') and strftime($last_day, '%Y-%m')
    and cast(reminder.crte_time as date) between $first_day and $last_day
    and reminder.dr_code is not null
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
group by reminder.fixmedins_code, reminder.dr_code
order by reminder.fixmedins_code asc, reminder.dr_code asc
