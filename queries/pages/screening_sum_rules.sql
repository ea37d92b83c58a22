/*
grain: one row per rule of the library (those of $level, or $rule_id), as screening_rules from sums; where no verdict, person or doctor is chosen
note: hit_cnt null where the rule did not run in any month of the period, never 0; absent_cnt months lack a table that it needs
filters: as step_hit_sum
*/
with

said as (

    select
        rule_id,
        count(*) filter (where verdict = '属实') as true_cnt,
        count(*) filter (where verdict = '排除') as excluded_cnt
    from step_said_hit
    group by rule_id

),

by_rule as (

    select
        summed.rule_id,
        cast(sum(summed.hit_cnt) as bigint) as hit_cnt,
        cast(sum(summed.hit_cnt) as bigint) - coalesce(max(said.true_cnt), 0) - coalesce(max(said.excluded_cnt), 0) as open_cnt,
        coalesce(max(said.true_cnt), 0) as true_cnt,
        coalesce(max(said.excluded_cnt), 0) as excluded_cnt,
        cast(sum(summed.amount_at_issue) as decimal(18, 2)) as amount_at_issue,
        count(distinct summed.fixmedins_code) as institution_cnt
    from step_hit_sum as summed
    left join said on summed.rule_id = said.rule_id
    group by summed.rule_id

),

by_month as (

    select
        rule_id,
        count(*) filter (where status = '已运行') as run_cnt,
        count(*) filter (where status = '缺少表') as absent_cnt,
        max(missing) filter (where status = '缺少表') as absent
    from fct_rule_month
    where ym between strftime($first_day, '%Y-%m') and strftime($last_day, '%Y-%m')
    group by rule_id

)

select
    rule.rule_id,
    rule.title,
    rule.class,
    rule.level,
    rule.status,
    rule.missing,
    rule.amount_method,
    coalesce(by_month.run_cnt, 0) as run_cnt,
    coalesce(by_month.absent_cnt, 0) as absent_cnt,
    by_month.absent,
    case when by_month.run_cnt > 0 then coalesce(by_rule.hit_cnt, 0) end as hit_cnt,
    case when by_month.run_cnt > 0 then coalesce(by_rule.open_cnt, 0) end as open_cnt,
    case when by_month.run_cnt > 0 then coalesce(by_rule.true_cnt, 0) end as true_cnt,
    case when by_month.run_cnt > 0 then coalesce(by_rule.excluded_cnt, 0) end as excluded_cnt,
    case when by_month.run_cnt > 0 then coalesce(by_rule.institution_cnt, 0) end as institution_cnt,
    case
        when by_month.run_cnt > 0 and rule.amount_method <> 'M0'
            then cast(coalesce(by_rule.amount_at_issue, 0) as decimal(18, 2))
    end as amount_at_issue
from dim_rule as rule
left join by_month on rule.rule_id = by_month.rule_id
left join by_rule on rule.rule_id = by_rule.rule_id
where ($level is null or rule.level = $level) and ($rule_id is null or rule.rule_id = $rule_id)
order by rule.rule_id
