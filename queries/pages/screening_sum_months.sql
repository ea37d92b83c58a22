/*
grain: one row per month of settlement with a hit in the period, as screening_months from sums; where no verdict, person or doctor is chosen
filters: as step_hit_sum
*/
with

said as (

    select
        ym,
        count(*) filter (where verdict = '属实') as true_cnt,
        count(*) filter (where verdict = '排除') as excluded_cnt
    from step_said_hit
    group by ym

),

once as (

    select
        ym,
        cast(sum(setl_cnt) as bigint) as setl_cnt
    from step_hit_once
    where scope = coalesce($level, '全部')
    group by ym

),

counted as (

    select
        ym,
        count(distinct rule_id) as rule_cnt,
        count(distinct fixmedins_code) as institution_cnt,
        cast(sum(hit_cnt) as bigint) as hit_cnt,
        cast(sum(amount_at_issue) as decimal(18, 2)) as amount_at_issue
    from step_hit_sum
    group by ym

)

select
    counted.ym,
    counted.rule_cnt,
    case when $rule_id is null then once.setl_cnt else counted.hit_cnt end as setl_cnt,
    counted.institution_cnt,
    counted.hit_cnt,
    counted.hit_cnt - coalesce(said.true_cnt, 0) - coalesce(said.excluded_cnt, 0) as open_cnt,
    coalesce(said.true_cnt, 0) as true_cnt,
    coalesce(said.excluded_cnt, 0) as excluded_cnt,
    counted.amount_at_issue
from counted
inner join once on counted.ym = once.ym
left join said on counted.ym = said.ym
order by counted.ym
