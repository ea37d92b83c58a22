/*
grain: one row, the row of screening_totals from sums; where no verdict, person or doctor is chosen
note: a settlement has one hit of a rule, so under a rule its hits are its settlements and no line counts twice
filters: as step_hit_sum
*/
with

counted as (

    select
        cast(coalesce(sum(hit_cnt), 0) as bigint) as hit_cnt,
        count(distinct fixmedins_code) as institution_cnt,
        count(distinct rule_id) as rule_cnt,
        cast(coalesce(sum(amount_at_issue), 0) as decimal(18, 2)) as amount_at_issue
    from step_hit_sum

),

once as (

    select
        cast(coalesce(sum(setl_cnt), 0) as bigint) as setl_cnt,
        cast(coalesce(sum(once_amt), 0) as decimal(18, 2)) as once_amt
    from step_hit_once
    where scope = coalesce($level, '全部')

),

said as (

    select
        count(*) filter (where verdict = '属实') as true_cnt,
        count(*) filter (where verdict = '排除') as excluded_cnt,
        cast(coalesce(sum(amount_at_issue) filter (where verdict = '属实'), 0) as decimal(18, 2)) as true_amt
    from step_said_hit

)

select
    counted.hit_cnt,
    case when $rule_id is null then once.setl_cnt else counted.hit_cnt end as setl_cnt,
    counted.institution_cnt,
    counted.rule_cnt,
    said.true_cnt,
    said.excluded_cnt,
    counted.amount_at_issue,
    said.true_amt,
    case when $rule_id is null then once.once_amt else counted.amount_at_issue end as once_amt
from counted
cross join once
cross join said
