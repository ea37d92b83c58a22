/*
grain: one row with the money of the case, each sum and each difference made here
note: >
  found_amt is what the case records as fraud and as breach, NULL when it records neither; finding_amt is the sum of its findings.
  due, done and balance are handlings of type 32 (追回); breach is type 33 (违约金), fine type 61 (行政处罚)
*/
with

handled as (

    select
        count(*) filter (where handle_type = '32') as recovery_cnt,
        sum(coalesce(amt_due, 0)) filter (where handle_type = '32') as due_amt,
        sum(coalesce(amt_done, 0)) filter (where handle_type = '32') as done_amt,
        sum(coalesce(amt_due, 0)) filter (where handle_type = '33') as breach_due_amt,
        sum(coalesce(amt_done, 0)) filter (where handle_type = '33') as breach_done_amt,
        sum(coalesce(amt_due, 0)) filter (where handle_type = '61') as fine_due_amt,
        sum(coalesce(amt_done, 0)) filter (where handle_type = '61') as fine_done_amt
    from fct_handling
    where case_id = $case_id

),

found as (

    select
        count(*) as finding_cnt,
        sum(amt) as finding_amt
    from fct_finding
    where case_id = $case_id

),

linked as (

    select
        count(distinct setl_id) as claim_cnt,
        sum(amt) as claim_amt
    from stg_case_claim
    where
        case_id = $case_id
        or finding_id in (
            select finding_id
            from fct_finding
            where case_id = $case_id
        )

)

select
    cast(clue_case.fraud_amt as decimal(18, 2)) as fraud_amt,
    cast(clue_case.vola_amt as decimal(18, 2)) as vola_amt,
    case
        when clue_case.fraud_amt is not null or clue_case.vola_amt is not null
            then cast(coalesce(clue_case.fraud_amt, 0) + coalesce(clue_case.vola_amt, 0) as decimal(18, 2))
    end as found_amt,
    found.finding_cnt,
    cast(found.finding_amt as decimal(18, 2)) as finding_amt,
    cast(
        coalesce(clue_case.fraud_amt, 0) + coalesce(clue_case.vola_amt, 0) - coalesce(found.finding_amt, 0)
        as decimal(18, 2)
    ) as found_less_finding_amt,
    handled.recovery_cnt,
    cast(coalesce(handled.due_amt, 0) as decimal(18, 2)) as due_amt,
    cast(
        coalesce(clue_case.fraud_amt, 0) + coalesce(clue_case.vola_amt, 0) - coalesce(handled.due_amt, 0)
        as decimal(18, 2)
    ) as found_less_due_amt,
    cast(coalesce(handled.done_amt, 0) as decimal(18, 2)) as done_amt,
    cast(coalesce(handled.due_amt, 0) - coalesce(handled.done_amt, 0) as decimal(18, 2)) as balance_amt,
    cast(coalesce(handled.breach_due_amt, 0) as decimal(18, 2)) as breach_due_amt,
    cast(coalesce(handled.breach_done_amt, 0) as decimal(18, 2)) as breach_done_amt,
    cast(
        coalesce(handled.breach_due_amt, 0) - coalesce(handled.breach_done_amt, 0) as decimal(18, 2)
    ) as breach_balance_amt,
    cast(coalesce(handled.fine_due_amt, 0) as decimal(18, 2)) as fine_due_amt,
    cast(coalesce(handled.fine_done_amt, 0) as decimal(18, 2)) as fine_done_amt,
    cast(
        coalesce(handled.fine_due_amt, 0) - coalesce(handled.fine_done_amt, 0) as decimal(18, 2)
    ) as fine_balance_amt,
    linked.claim_cnt,
    cast(linked.claim_amt as decimal(18, 2)) as claim_amt
from fct_case as clue_case
cross join handled
cross join found
cross join linked
where clue_case.case_id = $case_id
