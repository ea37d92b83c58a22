/*
grain: one row per way a reminder ended between $first_day and $last_day
note: changed (2), continued with a reason written, continued without one (1), unanswered (blank)
filters: a null list means all
*/
with

summed as (

    select
        day_sum.warn_dspo_way,
        sum(day_sum.warn_cnt) as warn_cnt,
        sum(day_sum.vola_amt) as vola_amt,
        sum(day_sum.reasoned_cnt) as reasoned_cnt,
        sum(day_sum.reasoned_amt) as reasoned_amt
    from fct_reminder_day as day_sum
    left join dim_institution as institution on day_sum.fixmedins_code = institution.fixmedins_code
    where
        day_sum.crte_date between $first_day and $last_day
        and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
        and ($level_class is null or list_contains($level_class, institution.level_class))
        and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
        and ($town_code is null or list_contains($town_code, institution.town_code))
    group by day_sum.warn_dspo_way

),

ended as (

    select
        case warn_dspo_way when '2' then 'changed' when '1' then 'unreasoned' else 'unanswered' end as outcome,
        warn_cnt - reasoned_cnt as warn_cnt,
        vola_amt - reasoned_amt as vola_amt
    from summed
    union all
    select
        'reasoned' as outcome,
        reasoned_cnt as warn_cnt,
        reasoned_amt as vola_amt
    from summed

)

select
    outcome,
    cast(sum(warn_cnt) as bigint) as warn_cnt,
    cast(sum(vola_amt) as decimal(16, 2)) as vola_amt
from ended
where warn_cnt > 0
group by outcome
order by outcome
