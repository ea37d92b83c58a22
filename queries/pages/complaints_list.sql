/*
grain: >
  one row per complaint that was in the books between $first_day and $day: received by $day, and not both closed and answered
  before $first_day
filters: a null list means all
*/
select
    complaint.cmpl_id,
    complaint.recv_date,
    complaint.channel,
    complaint.subject,
    complaint.fixmedins_code,
    institution.fixmedins_name,
    complaint.accept_date,
    complaint.due_date,
    complaint.closed_date,
    complaint.reply_date,
    complaint.verified_flag,
    cast(complaint.reward_amt as decimal(18, 2)) as reward_amt,
    complaint.case_id,
    clue_case.case_stas
from fct_complaint as complaint
left join dim_institution as institution on complaint.fixmedins_code = institution.fixmedins_code
left join fct_case as clue_case on complaint.case_id = clue_case.case_id
where
    complaint.recv_date <= $day
    and (
        complaint.recv_date >= $first_day
        or complaint.closed_date is null
        or complaint.closed_date >= $first_day
        or complaint.reply_date is null
        or complaint.reply_date >= $first_day
    )
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
order by complaint.recv_date, complaint.cmpl_id
