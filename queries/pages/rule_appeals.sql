/*
grain: one row per rule of the platform with suspicions pushed in the period
key: [rule_id]
note: >
  success is an appeal after which the final reviewer found no violation, as in the KPI appeal_success_rate; appeals not yet decided are in
  waiting_cnt. our_rules are the rules of the library that rule_map joins with it, null when none
filters: a null list means all
*/
with

pushed as (

    select
        suspicion.rule_id,
        suspicion.rule_name,
        suspicion.appl_flag,
        suspicion.appl_amt,
        suspicion.finl_chktime,
        suspicion.finl_chk_vola_flag,
        suspicion.chk_vola_amt,
        suspicion.cnfm_vola_amt
    from stg_doc_suspt_d as suspicion
    left join fct_suspicion as known on suspicion.doc_suspt_id = known.doc_suspt_id
    left join dim_institution as institution on known.fixmedins_code = institution.fixmedins_code
    where
        cast(suspicion.push_time as date) between $first_day and $last_day
        and ($insutype is null or list_contains($insutype, known.insutype))
        and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
        and ($level_class is null or list_contains($level_class, institution.level_class))
        and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
        and ($town_code is null or list_contains($town_code, institution.town_code))

),

ours as (

    select
        mapped.platform_rule_id,
        string_agg(mapped.rule_id || coalesce(' ' || rule.title, ''), '、' order by mapped.rule_id) as our_rules
    from stg_rule_map as mapped
    left join dim_rule as rule on mapped.rule_id = rule.rule_id
    group by mapped.platform_rule_id

)

select
    pushed.rule_id,
    min(pushed.rule_name) as rule_name,
    min(ours.our_rules) as our_rules,
    count(*) as pushed_cnt,
    count(*) filter (where pushed.appl_flag = '1') as appeal_cnt,
    count(*) filter (where pushed.appl_flag = '1' and pushed.finl_chktime is not null) as decided_cnt,
    count(*) filter (where pushed.appl_flag = '1' and pushed.finl_chktime is null) as waiting_cnt,
    count(*) filter (where pushed.appl_flag = '1' and pushed.finl_chktime is not null and pushed.finl_chk_vola_flag = '0')
        as success_cnt,
    cast(coalesce(sum(pushed.appl_amt) filter (where pushed.appl_flag = '1'), 0) as decimal(18, 2)) as appeal_amt,
    cast(
        coalesce(
            sum(coalesce(pushed.chk_vola_amt, 0) - coalesce(pushed.cnfm_vola_amt, 0))
            filter (where pushed.appl_flag = '1' and pushed.finl_chktime is not null),
            0
        )
        as decimal(18, 2)
    ) as given_up_amt
from pushed
left join ours on pushed.rule_id = ours.platform_rule_id
group by pushed.rule_id
order by success_cnt desc, appeal_cnt desc, pushed.rule_id asc
