/*
grain: one row
note: >
  what happened to complaints between $first_day and $last_day (received is the denominator of complaint_reply_rate), and what was open or
  overdue on $last_day; a complaint counts as verified when it is closed
*/
select
    count(*) filter (where recv_date between $first_day and $last_day) as received_cnt,
    count(*) filter (where accept_date between $first_day and $last_day) as accepted_cnt,
    count(*) filter (where closed_date between $first_day and $last_day) as closed_cnt,
    count(*) filter (where closed_date between $first_day and $last_day and verified_flag = '1') as verified_cnt,
    count(*) filter (where reply_date between $first_day and $last_day) as replied_cnt,
    cast(
        coalesce(sum(reward_amt) filter (where closed_date between $first_day and $last_day), 0) as decimal(18, 2)
    ) as reward_amt,
    count(*) filter (
        where recv_date <= $last_day and (closed_date is null or closed_date > $last_day)
    ) as open_cnt,
    count(*) filter (
        where due_date < $last_day and recv_date <= $last_day and (closed_date is null or closed_date > $last_day)
    ) as overdue_cnt
from fct_complaint
