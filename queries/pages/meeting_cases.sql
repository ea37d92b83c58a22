/*
grain: >
  one row per case with a recorded amount that was in the books between $first_day and $day, the largest first, at most $shown; with the
  number of all of them and what they sum to
note: the amounts are those of cases_ledger.sql; found_amt is 认定 (fraud + breach), due and done are recoveries (type 32)
*/
with

recovery as (

    select
        case_id,
        sum(coalesce(amt_due, 0)) as due_amt,
        sum(coalesce(amt_done, 0)) as done_amt
    from fct_handling
    where case_id is not null and handle_type = '32'
    group by case_id

),

listed as (

    select
        clue_case.case_id,
        clue_case.title,
        clue_case.case_souc,
        clue_case.case_stas,
        clue_case.fixmedins_name,
        clue_case.opened_date,
        clue_case.due_date,
        clue_case.closed_date,
        cast(coalesce(clue_case.fraud_amt, 0) + coalesce(clue_case.vola_amt, 0) as decimal(18, 2)) as found_amt,
        cast(recovery.due_amt as decimal(18, 2)) as due_amt,
        cast(recovery.done_amt as decimal(18, 2)) as done_amt,
        cast(recovery.due_amt - recovery.done_amt as decimal(18, 2)) as balance_amt
    from step_case as clue_case
    left join recovery on clue_case.case_id = recovery.case_id
    where clue_case.fraud_amt is not null or clue_case.vola_amt is not null

)

select
    *,
    count(*) over () as case_cnt,
    cast(sum(found_amt) over () as decimal(18, 2)) as all_found_amt,
    cast(sum(due_amt) over () as decimal(18, 2)) as all_due_amt,
    cast(sum(done_amt) over () as decimal(18, 2)) as all_done_amt
from listed
order by found_amt desc, case_id asc
limit $shown
