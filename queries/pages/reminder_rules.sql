/*
grain: one row per rule with a reminder between $first_day and $last_day
note: changed_cnt went back and changed, continued_cnt went on, unanswered_cnt gave no answer; reviewed_cnt of override_cnt were looked at
filters: a null list means all
*/
with

reminder as (

    select
        day_sum.rule_id,
        max(day_sum.rule_name) as rule_name,
        sum(day_sum.warn_cnt) as warn_cnt,
        coalesce(sum(day_sum.warn_cnt) filter (where day_sum.warn_dspo_way = '2'), 0) as changed_cnt,
        coalesce(sum(day_sum.warn_cnt) filter (where day_sum.warn_dspo_way = '1'), 0) as continued_cnt,
        coalesce(sum(day_sum.warn_cnt) filter (where day_sum.warn_dspo_way = '0'), 0) as unanswered_cnt,
        sum(day_sum.vola_amt) as vola_amt,
        coalesce(sum(day_sum.vola_amt) filter (where day_sum.warn_dspo_way = '2'), 0) as avoided_amt,
        count(distinct day_sum.fixmedins_code) as institution_cnt
    from fct_reminder_day as day_sum
    left join dim_institution as institution on day_sum.fixmedins_code = institution.fixmedins_code
    where
        day_sum.crte_date between $first_day and $last_day
        and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
        and ($level_class is null or list_contains($level_class, institution.level_class))
        and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
        and ($town_code is null or list_contains($town_code, institution.town_code))
    group by day_sum.rule_id

),

override as (

    select
        reminder_left.rule_id,
        count(*) as override_cnt,
        sum(reminder_left.is_reviewed) as reviewed_cnt
    from fct_reminder_override as reminder_left
    left join dim_institution as institution on reminder_left.fixmedins_code = institution.fixmedins_code
    where
        reminder_left.crte_date between $first_day and $last_day
        and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
        and ($level_class is null or list_contains($level_class, institution.level_class))
        and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
        and ($town_code is null or list_contains($town_code, institution.town_code))
    group by reminder_left.rule_id

)

select
    reminder.rule_id,
    reminder.rule_name,
    cast(reminder.warn_cnt as bigint) as warn_cnt,
    cast(reminder.changed_cnt as bigint) as changed_cnt,
    cast(reminder.continued_cnt as bigint) as continued_cnt,
    cast(reminder.unanswered_cnt as bigint) as unanswered_cnt,
    reminder.institution_cnt,
    cast(reminder.vola_amt as decimal(16, 2)) as vola_amt,
    cast(reminder.avoided_amt as decimal(16, 2)) as avoided_amt,
    cast(coalesce(override.override_cnt, 0) as bigint) as override_cnt,
    cast(coalesce(override.reviewed_cnt, 0) as bigint) as reviewed_cnt
from reminder
left join override on reminder.rule_id = override.rule_id
order by reminder.rule_id
