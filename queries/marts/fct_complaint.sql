/*
grain: one row per complaint
key: [cmpl_id]
same_rows_as: stg_complaint
note: a blank institution is filled through case_id, from the findings of the case, then from the case
*/
with

case_finding as (

    -- an institution is read from a case's findings only when they all name the same one
    select
        case_id,
        min(fixmedins_code) as fixmedins_code
    from stg_finding
    where case_id is not null
    group by case_id
    having count(distinct fixmedins_code) = 1

)

select
    complaint.cmpl_id,
    complaint.recv_date,
    complaint.channel,
    coalesce(
        complaint.fixmedins_code, case_finding.fixmedins_code, clue_case.fixmedins_code
    ) as fixmedins_code,
    complaint.subject,
    complaint.accept_date,
    complaint.due_date,
    complaint.closed_date,
    coalesce(complaint.verified_flag, '0') as verified_flag,
    complaint.reply_date,
    complaint.reward_amt,
    complaint.case_id
from stg_complaint as complaint
left join case_finding on complaint.case_id = case_finding.case_id
left join stg_clue_case as clue_case on complaint.case_id = clue_case.case_id
