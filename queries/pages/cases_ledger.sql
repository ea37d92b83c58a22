/*
grain: >
  one row per case that was in the books between $first_day and $day: opened by $day and not closed before $first_day;
  with its money as recorded in this version (ledgers keep no history of amounts)
note: >
  the amounts are those of case_ladder.sql, per case: found is NULL where the case records neither fraud nor breach, due is NULL
  where no recovery (type 32) is recorded for it
filters: a null list means all
*/
with

handled as (

    select
        case_id,
        count(*) filter (where handle_type = '32') as recovery_cnt,
        sum(coalesce(amt_due, 0)) filter (where handle_type = '32') as due_amt,
        sum(coalesce(amt_done, 0)) filter (where handle_type = '32') as done_amt,
        sum(coalesce(amt_due, 0)) filter (where handle_type = '33') as breach_due_amt,
        sum(coalesce(amt_done, 0)) filter (where handle_type = '33') as breach_done_amt,
        sum(coalesce(amt_due, 0)) filter (where handle_type = '61') as fine_due_amt,
        sum(coalesce(amt_done, 0)) filter (where handle_type = '61') as fine_done_amt,
        list_sort(
            list_distinct(list(handle_type) filter (where handle_type in ('60', '61', '62', '63', '64')))
        ) as transfer_types,
        max(case when handle_type in ('60', '62', '63', '64') then 1 else 0 end) as is_transferred
    from fct_handling
    where case_id is not null
    group by case_id

),

found as (

    select
        case_id,
        count(*) as finding_cnt,
        sum(amt) as finding_amt
    from fct_finding
    where case_id is not null
    group by case_id

),

event as (

    select
        case_id,
        max(event_date) as last_event_date,
        max_by(event_type, event_time) as last_event_type
    from fct_case_event
    where event_date <= $day
    group by case_id

)

select
    clue_case.case_id,
    clue_case.title,
    clue_case.case_souc,
    clue_case.case_stas,
    clue_case.fixmedins_code,
    clue_case.fixmedins_name,
    clue_case.opened_date,
    clue_case.due_date,
    clue_case.closed_date,
    event.last_event_date,
    event.last_event_type,
    clue_case.med_record_cnt,
    case
        when clue_case.fraud_amt is not null or clue_case.vola_amt is not null
            then cast(coalesce(clue_case.fraud_amt, 0) + coalesce(clue_case.vola_amt, 0) as decimal(18, 2))
    end as found_amt,
    coalesce(found.finding_cnt, 0) as finding_cnt,
    cast(found.finding_amt as decimal(18, 2)) as finding_amt,
    coalesce(handled.recovery_cnt, 0) as recovery_cnt,
    cast(handled.due_amt as decimal(18, 2)) as due_amt,
    cast(handled.done_amt as decimal(18, 2)) as done_amt,
    cast(handled.due_amt - handled.done_amt as decimal(18, 2)) as balance_amt,
    cast(
        coalesce(clue_case.fraud_amt, 0) + coalesce(clue_case.vola_amt, 0) - coalesce(handled.due_amt, 0)
        as decimal(18, 2)
    ) as not_due_amt,
    cast(handled.breach_due_amt as decimal(18, 2)) as breach_due_amt,
    cast(handled.breach_done_amt as decimal(18, 2)) as breach_done_amt,
    cast(handled.fine_due_amt as decimal(18, 2)) as fine_due_amt,
    cast(handled.fine_done_amt as decimal(18, 2)) as fine_done_amt,
    coalesce(handled.is_transferred, 0) as is_transferred,
    cast(
        case when handled.is_transferred = 1 then handled.due_amt - handled.done_amt end as decimal(18, 2)
    ) as moved_amt,
    array_to_string(handled.transfer_types, ',') as transfer_types
from step_case as clue_case
left join handled on clue_case.case_id = handled.case_id
left join found on clue_case.case_id = found.case_id
left join event on clue_case.case_id = event.case_id
order by clue_case.opened_date, clue_case.case_id
