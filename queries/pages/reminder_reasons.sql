/*
grain: one row per reason written for going on, between $first_day and $last_day, the hundred most frequent
note: personal numbers in the text were masked when the file was loaded
filters: a null list means all
*/
select
    warn_dspo_way_dscr,
    count(*) as warn_cnt,
    count(distinct rule_id) as rule_cnt,
    count(distinct fixmedins_code) as institution_cnt,
    cast(sum(coalesce(vola_amt, 0)) as decimal(16, 2)) as vola_amt
from step_reminder
where warn_dspo_way = '1' and warn_dspo_way_dscr is not null
group by warn_dspo_way_dscr
order by warn_cnt desc, warn_dspo_way_dscr asc
limit 100
