/*
grain: one row per institution with a settlement in force or a hit in the period
note: setl_cnt settlements in force (no refund, not refunded), hit_setl_cnt of them with a hit; leads of the three levels, excluded ones left out
filters: as step_screened_hit
*/
with

settled as (

    select
        fixmedins_code,
        cast(sum(setl_cnt) as bigint) as setl_cnt
    from step_settled
    where ($code is null or fixmedins_code = $code)
    group by fixmedins_code

),

counted as (

    select
        fixmedins_code,
        count(distinct setl_id) as hit_setl_cnt,
        count(distinct rule_id) as rule_cnt,
        count(distinct psn_no) as psn_cnt,
        count(*) filter (where level = '明确违规' and verdict <> '排除') as clear_cnt,
        count(*) filter (where level = '可疑' and verdict <> '排除') as suspect_cnt,
        count(*) filter (where level = '提示' and verdict <> '排除') as hint_cnt,
        count(*) as hit_cnt,
        count(*) filter (where verdict = '未核实') as open_cnt,
        count(*) filter (where verdict = '属实') as true_cnt,
        count(*) filter (where verdict = '排除') as excluded_cnt,
        cast(sum(amount_at_issue) as decimal(18, 2)) as amount_at_issue
    from step_screened_hit
    group by fixmedins_code

)

select
    coalesce(counted.fixmedins_code, settled.fixmedins_code) as fixmedins_code,
    institution.fixmedins_name,
    institution.level_class,
    coalesce(settled.setl_cnt, 0) as setl_cnt,
    coalesce(counted.hit_setl_cnt, 0) as hit_setl_cnt,
    coalesce(counted.rule_cnt, 0) as rule_cnt,
    coalesce(counted.psn_cnt, 0) as psn_cnt,
    coalesce(counted.clear_cnt, 0) as clear_cnt,
    coalesce(counted.suspect_cnt, 0) as suspect_cnt,
    coalesce(counted.hint_cnt, 0) as hint_cnt,
    coalesce(counted.hit_cnt, 0) as hit_cnt,
    coalesce(counted.open_cnt, 0) as open_cnt,
    coalesce(counted.true_cnt, 0) as true_cnt,
    coalesce(counted.excluded_cnt, 0) as excluded_cnt,
    counted.amount_at_issue
from counted
full join settled on counted.fixmedins_code = settled.fixmedins_code
left join dim_institution as institution
    on coalesce(counted.fixmedins_code, settled.fixmedins_code) = institution.fixmedins_code
order by fixmedins_code
