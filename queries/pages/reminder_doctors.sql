/*
grain: one row per institution and doctor with a reminder between $first_day and $last_day
note: dr_code is a person's code and shown to some roles only; a blank one is left out
filters: a null list means all
*/
select
    fixmedins_code,
    max(fixmedins_name) as fixmedins_name,
    dr_code,
    count(*) as warn_cnt,
    count(*) filter (where warn_dspo_way = '2') as changed_cnt,
    count(*) filter (where warn_dspo_way = '1') as continued_cnt,
    count(*) filter (where warn_dspo_way is null) as unanswered_cnt,
    cast(sum(coalesce(vola_amt, 0)) as decimal(16, 2)) as vola_amt
from step_reminder
where dr_code is not null
group by fixmedins_code, dr_code
order by fixmedins_code asc, dr_code asc
