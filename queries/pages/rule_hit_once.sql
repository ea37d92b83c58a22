/*
grain: one row per institution with hits in the period, and one for all (is_total 1)
key: [is_total, fixmedins_code]
note: >
  hit_amt counts each hit (rule × settlement), as the KPI rule_hit_amount does. once_amt counts each claim line once, at its
  greatest amount over the rules. Hits on a settlement as a whole and hits on reminders contain claim lines that are not named: of a
  settlement the greatest of the three sums counts, so that no yuan counts twice
filters: a null list means all
*/
with

hit as (

    select
        hit_id,
        setl_id,
        fixmedins_code,
        fixmedins_name,
        amount_at_issue
    from step_rule_hit
    where ($rule_id is null or list_contains($rule_id, rule_id))

),

line as (

    select
        hit.setl_id,
        hit.fixmedins_code,
        hit.fixmedins_name,
        detail.line_of,
        max(detail.line_amt) as line_amt
    from hit
    inner join fct_rule_hit_line as detail on hit.hit_id = detail.hit_id
    group by hit.setl_id, hit.fixmedins_code, hit.fixmedins_name, detail.line_of, detail.line_id

),

kind as (

    select
        setl_id,
        fixmedins_code,
        fixmedins_name,
        line_of,
        sum(line_amt) as line_amt
    from line
    group by setl_id, fixmedins_code, fixmedins_name, line_of

),

settled as (

    select
        setl_id,
        fixmedins_code,
        fixmedins_name,
        max(line_amt) as once_amt
    from kind
    group by setl_id, fixmedins_code, fixmedins_name

),

counted as (

    select
        fixmedins_code,
        count(*) as hit_cnt,
        sum(amount_at_issue) as hit_amt
    from hit
    group by fixmedins_code

),

once as (

    select
        fixmedins_code,
        fixmedins_name,
        count(*) as setl_cnt,
        sum(once_amt) as once_amt
    from settled
    group by fixmedins_code, fixmedins_name

)

select
    grouping(once.fixmedins_code) as is_total,
    once.fixmedins_code,
    case when grouping(once.fixmedins_code) = 0 then min(once.fixmedins_name) end as fixmedins_name,
    cast(coalesce(sum(counted.hit_cnt), 0) as bigint) as hit_cnt,
    cast(coalesce(sum(once.setl_cnt), 0) as bigint) as setl_cnt,
    cast(coalesce(sum(counted.hit_amt), 0) as decimal(18, 2)) as hit_amt,
    cast(coalesce(sum(once.once_amt), 0) as decimal(18, 2)) as once_amt
from once
inner join counted on once.fixmedins_code is not distinct from counted.fixmedins_code
group by grouping sets ((), (once.fixmedins_code))
order by is_total desc, once_amt desc, once.fixmedins_code asc
