/*
grain: one row per complaint that led to the case
*/
select
    cmpl_id,
    recv_date,
    channel,
    subject,
    accept_date,
    due_date,
    closed_date,
    verified_flag,
    reply_date,
    reward_amt
from fct_complaint
where case_id = $case_id
order by recv_date, cmpl_id
