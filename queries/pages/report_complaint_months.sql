/*
grain: one row per month of the complaints received between $first_day and $last_day
*/
select
    strftime(recv_date, '%Y-%m') as month,
    count(*) as received_cnt
from fct_complaint
where recv_date between $first_day and $last_day
group by all
order by month
