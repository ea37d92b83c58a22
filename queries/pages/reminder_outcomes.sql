/*
grain: one row per way a reminder ended between $first_day and $last_day
note: changed (2), continued with a reason written, continued without one (1), unanswered (blank)
filters: a null list means all
*/
select
    case
        when warn_dspo_way = '2' then 'changed'
        when warn_dspo_way = '1' and warn_dspo_way_dscr is not null then 'reasoned'
        when warn_dspo_way = '1' then 'unreasoned'
        else 'unanswered'
    end as outcome,
    count(*) as warn_cnt,
    cast(sum(coalesce(vola_amt, 0)) as decimal(16, 2)) as vola_amt
from step_reminder
group by outcome
order by outcome
