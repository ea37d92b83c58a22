/*
grain: one row per month of receipt and channel, for complaints received between $first_day and $day, as they stood on $day
note: a complaint counts as verified once it is closed; before that its flag says nothing yet
filters: a null list means all
*/
select
    strftime(complaint.recv_date, '%Y-%m') as month,
    complaint.channel,
    count(*) as received_cnt,
    count(*) filter (where complaint.accept_date <= $day) as accepted_cnt,
    count(*) filter (where complaint.closed_date <= $day) as closed_cnt,
    count(*) filter (where complaint.reply_date <= $day) as replied_cnt,
    count(*) filter (
        where complaint.due_date < $day and (complaint.closed_date is null or complaint.closed_date > $day)
    ) as overdue_cnt,
    count(*) filter (where complaint.closed_date <= $day and complaint.verified_flag = '1') as verified_cnt,
    count(*) filter (where complaint.reward_amt > 0) as rewarded_cnt,
    cast(coalesce(sum(complaint.reward_amt), 0) as decimal(18, 2)) as reward_amt
from fct_complaint as complaint
left join dim_institution as institution on complaint.fixmedins_code = institution.fixmedins_code
where
    complaint.recv_date between $first_day and $day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
group by strftime(complaint.recv_date, '%Y-%m'), complaint.channel
order by month, complaint.channel
