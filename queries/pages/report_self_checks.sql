/*
grain: one row
note: >
  self-checks handed in between $first_day and $last_day with their amounts as known in this version (due and done are the denominator and
  numerator of self_check_refund_rate), and self-checks supervised in that time
*/
select
    count(*) filter (where submit_date between $first_day and $last_day) as submitted_cnt,
    count(distinct fixmedins_code) filter (where submit_date between $first_day and $last_day) as institution_cnt,
    count(*) filter (where submit_date between $first_day and $last_day and amt_found > 0) as problem_cnt,
    cast(
        coalesce(sum(amt_found) filter (where submit_date between $first_day and $last_day), 0) as decimal(18, 2)
    ) as amt_found,
    count(*) filter (where supervise_date between $first_day and $last_day) as supervised_cnt
from fct_self_check
