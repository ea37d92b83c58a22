/*
grain: one row with the money of all cases in the books between $first_day and $day, each sum and each difference made here
note: >
  counted from the handlings and findings themselves, not from the rows of cases_ledger.sql: the screen holds the two against each
  other. moved is the balance of cases handed over (60 行政部门, 62 公安, 63 纪检, 64 卫健市监), kept the balance of the others
filters: a null list means all
*/
with

moved_case as (

    select distinct case_id
    from fct_handling
    where handle_type in ('60', '62', '63', '64')

),

recorded as (

    select
        count(*) as case_cnt,
        count(*) filter (where fraud_amt is not null or vola_amt is not null) as found_cnt,
        cast(coalesce(sum(fraud_amt), 0) as decimal(18, 2)) as fraud_amt,
        cast(coalesce(sum(vola_amt), 0) as decimal(18, 2)) as vola_amt,
        count(*) filter (where case_id in (select moved_case.case_id from moved_case)) as moved_cnt
    from step_case

),

handled as (

    select
        count(*) filter (where handling.handle_type = '32') as recovery_cnt,
        count(distinct handling.case_id) filter (where handling.handle_type = '32') as recovery_case_cnt,
        cast(coalesce(sum(handling.amt_due) filter (where handling.handle_type = '32'), 0) as decimal(18, 2))
            as due_amt,
        cast(coalesce(sum(handling.amt_done) filter (where handling.handle_type = '32'), 0) as decimal(18, 2))
            as done_amt,
        cast(
            coalesce(
                sum(coalesce(handling.amt_due, 0) - coalesce(handling.amt_done, 0))
                filter (where handling.handle_type = '32' and moved_case.case_id is not null),
                0
            )
            as decimal(18, 2)
        ) as moved_amt,
        count(*) filter (where handling.handle_type = '33') as breach_cnt,
        cast(coalesce(sum(handling.amt_due) filter (where handling.handle_type = '33'), 0) as decimal(18, 2))
            as breach_due_amt,
        cast(coalesce(sum(handling.amt_done) filter (where handling.handle_type = '33'), 0) as decimal(18, 2))
            as breach_done_amt,
        count(*) filter (where handling.handle_type = '61') as fine_cnt,
        cast(coalesce(sum(handling.amt_due) filter (where handling.handle_type = '61'), 0) as decimal(18, 2))
            as fine_due_amt,
        cast(coalesce(sum(handling.amt_done) filter (where handling.handle_type = '61'), 0) as decimal(18, 2))
            as fine_done_amt
    from fct_handling as handling
    inner join step_case as clue_case on handling.case_id = clue_case.case_id
    left join moved_case on handling.case_id = moved_case.case_id

),

found as (

    select
        count(*) as finding_cnt,
        cast(coalesce(sum(finding.amt), 0) as decimal(18, 2)) as finding_amt
    from fct_finding as finding
    inner join step_case as clue_case on finding.case_id = clue_case.case_id

)

select
    recorded.*,
    cast(recorded.fraud_amt + recorded.vola_amt as decimal(18, 2)) as found_amt,
    found.*,
    cast(recorded.fraud_amt + recorded.vola_amt - found.finding_amt as decimal(18, 2)) as found_less_finding_amt,
    handled.*,
    cast(recorded.fraud_amt + recorded.vola_amt - handled.due_amt as decimal(18, 2)) as not_due_amt,
    cast(handled.due_amt - handled.done_amt as decimal(18, 2)) as balance_amt,
    cast(handled.due_amt - handled.done_amt - handled.moved_amt as decimal(18, 2)) as kept_amt,
    cast(handled.breach_due_amt - handled.breach_done_amt as decimal(18, 2)) as breach_balance_amt,
    cast(handled.fine_due_amt - handled.fine_done_amt as decimal(18, 2)) as fine_balance_amt
from recorded
cross join handled
cross join found
