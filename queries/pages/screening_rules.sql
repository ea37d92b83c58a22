/*
grain: one row per rule of the library (those of $level, or $rule_id)
note: hit_cnt null where the rule did not run in any month of the period, never 0; absent_cnt months lack a table that it needs
filters: a null value or list means all; true_hits and excluded_hits are the hits on which a person's word stands
*/
with

said as (

    select
        unnest(cast($true_hits as varchar[])) as hit_id,
        '属实' as verdict
    union all
    select
        unnest(cast($excluded_hits as varchar[])) as hit_id,
        '排除' as verdict

),

hit as (

    select
        found.rule_id,
        found.ym,
        found.fixmedins_code,
        found.setl_id,
        found.amount_at_issue,
        institution.fixmedins_name,
        coalesce(said.verdict, '未核实') as verdict
    from fct_rule_hit as found
    left join dim_institution as institution on found.fixmedins_code = institution.fixmedins_code
    left join said on found.hit_id = said.hit_id
    where
        found.ym between strftime($first_day, '%Y-%m') and strftime($last_day, '%Y-%m')
        and found.hit_date between $first_day and $last_day
        and ($level is null or found.level = $level)
        and ($rule_id is null or found.rule_id = $rule_id)
        and ($verdict is null or coalesce(said.verdict, '未核实') = $verdict)
        and ($code is null or found.fixmedins_code = $code)
        and ($psn_no is null or found.psn_no = $psn_no)
        and ($dr_code is null or found.dr_code = $dr_code)
        and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
        and ($level_class is null or list_contains($level_class, institution.level_class))
        and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
        and ($town_code is null or list_contains($town_code, institution.town_code))

),

by_rule as (

    select
        rule_id,
        count(*) as hit_cnt,
        count(*) filter (where verdict = '未核实') as open_cnt,
        count(*) filter (where verdict = '属实') as true_cnt,
        count(*) filter (where verdict = '排除') as excluded_cnt,
        cast(sum(amount_at_issue) as decimal(18, 2)) as amount_at_issue,
        count(distinct fixmedins_code) as institution_cnt
    from hit
    group by rule_id

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
