/*
grain: one row per internal-control check between $first_day and $last_day
note: open_cnt is what was found and is not yet mended, not below 0
*/
select
    control_id,
    check_date,
    post,
    risk_level,
    found_cnt,
    fixed_cnt,
    greatest(coalesce(found_cnt, 0) - coalesce(fixed_cnt, 0), 0) as open_cnt
from fct_control_check
where check_date between $first_day and $last_day
order by check_date desc, control_id asc
