/*
grain: one row per institution with a settlement in force or a hit in the period
note: setl_cnt settlements in force (no refund, not refunded), hit_setl_cnt of them with a hit; leads of the three levels, excluded ones left out
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
        found.setl_id,
        found.fixmedins_code,
        found.level,
        found.psn_no,
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

refunded as (

    select distinct init_setl_id
    from stg_setl_d
    where vali_flag = '1' and refd_setl_flag = '1' and init_setl_id is not null

),

settled as (

    select
        settlement.fixmedins_code,
        count(*) as setl_cnt
    from stg_setl_d as settlement
    left join dim_institution as institution on settlement.fixmedins_code = institution.fixmedins_code
    where
        settlement.ym between strftime($first_day, '%Y-%m') and strftime($last_day, '%Y-%m')
        and cast(settlement.setl_time as date) between $first_day and $last_day
        and settlement.vali_flag = '1'
        and settlement.refd_setl_flag is distinct from '1'
        and not exists (
            select 1 from refunded
            where refunded.init_setl_id = settlement.setl_id
        )
        and ($code is null or settlement.fixmedins_code = $code)
        and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
        and ($level_class is null or list_contains($level_class, institution.level_class))
        and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
        and ($town_code is null or list_contains($town_code, institution.town_code))
    group by settlement.fixmedins_code

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
    from hit
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
