/*
grain: one row, the stored hits with their day of settlement between $first_day and $last_day
note: >
  amount_at_issue counts each hit. once_amt counts each claim line once, at its greatest amount over the rules. Hits on a settlement
  as a whole and on reminders contain claim lines that are not named: of a settlement the greatest of these sums counts
filters: as step_screened_hit
*/
with

by_settlement as (

    select
        setl_id,
        count(*) as hit_cnt,
        sum(amount_at_issue) as amount_at_issue
    from step_screened_hit
    group by setl_id

),

-- a single hit counts no line twice: only settlements with several are looked at line by line
line as (

    select
        detail.setl_id,
        detail.line_of,
        max(detail.line_amt) as line_amt
    from by_settlement
    inner join step_screened_hit as hit on by_settlement.setl_id = hit.setl_id
    inner join fct_rule_hit_line as detail on hit.hit_id = detail.hit_id
    where
        by_settlement.hit_cnt > 1
        and detail.ym between strftime($first_day, '%Y-%m') and strftime($last_day, '%Y-%m')
    group by detail.setl_id, detail.line_of, coalesce(detail.line_id, '')

),

kind as (

    select
        setl_id,
        line_of,
        sum(line_amt) as line_amt
    from line
    group by setl_id, line_of

),

settled as (

    select max(line_amt) as once_amt
    from kind
    group by setl_id
    union all
    select amount_at_issue as once_amt
    from by_settlement
    where hit_cnt = 1

)

select
    count(*) as hit_cnt,
    count(distinct setl_id) as setl_cnt,
    count(distinct fixmedins_code) as institution_cnt,
    count(distinct rule_id) as rule_cnt,
    count(*) filter (where verdict = '属实') as true_cnt,
    count(*) filter (where verdict = '排除') as excluded_cnt,
    cast(coalesce(sum(amount_at_issue), 0) as decimal(18, 2)) as amount_at_issue,
    cast(coalesce(sum(amount_at_issue) filter (where verdict = '属实'), 0) as decimal(18, 2)) as true_amt,
    (select cast(coalesce(sum(once_amt), 0) as decimal(18, 2)) from settled) as once_amt
from step_screened_hit
