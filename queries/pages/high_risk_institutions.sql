/*
grain: one row per registered institution with a settlement, a hit, a complaint or an open case in the period
note: >
  hit_setl_cnt of setl_cnt settlements in force have a hit of level 明确违规 or 可疑 that nobody excluded; hits on reminders are left out,
  reminders have their own signal. Complaints found untrue are left out; apart_cnt of the
  others are not part of an open case. A case is open on $last_day
filters: a null list means all; $level, $rule_id and $code are null; true_hits and excluded_hits are the hits on which a person's word stands
*/
with

hit_sum as (

    select
        fixmedins_code,
        cast(sum(hit_cnt) filter (where level = '明确违规') as bigint) as clear_cnt,
        cast(sum(hit_cnt) filter (where level = '可疑') as bigint) as suspect_cnt,
        cast(sum(hit_cnt) filter (where level = '提示') as bigint) as hint_cnt,
        cast(sum(hit_cnt) as bigint) as hit_cnt,
        sum(amount_cnt) as amount_cnt,
        sum(amount_at_issue) as amount_at_issue
    from step_hit_sum
    group by fixmedins_code

),

hit_settled as (

    select
        fixmedins_code,
        cast(sum(setl_cnt) as bigint) as setl_cnt
    from step_hit_once
    where scope = '重点'
    group by fixmedins_code

),

-- few hits have a person's word; what is excluded is taken off
said_hit as (

    select
        found.setl_id,
        found.fixmedins_code,
        found.level,
        found.line_of,
        found.amount_at_issue,
        said.verdict
    from step_said as said
    inner join fct_rule_hit as found on said.hit_id = found.hit_id
    where found.hit_date between $first_day and $last_day

),

said_sum as (

    select
        fixmedins_code,
        count(*) filter (where verdict = '属实') as true_cnt,
        count(*) filter (where verdict = '排除') as excluded_cnt,
        count(*) filter (where verdict = '排除' and level = '明确违规') as clear_cnt,
        count(*) filter (where verdict = '排除' and level = '可疑') as suspect_cnt,
        count(*) filter (where verdict = '排除' and level = '提示') as hint_cnt,
        sum(amount_at_issue) filter (where verdict = '排除') as amount_at_issue,
        count(amount_at_issue) filter (where verdict = '排除') as amount_cnt
    from said_hit
    group by fixmedins_code

),

-- settlements of which every such hit is excluded
cleared as (

    select
        found.fixmedins_code,
        found.setl_id,
        count(*) as hit_cnt,
        count(said.hit_id) as excluded_cnt
    from fct_rule_hit as found
    left join step_said as said on found.hit_id = said.hit_id and said.verdict = '排除'
    where
        found.setl_id in (
            select said_hit.setl_id
            from said_hit
            where said_hit.verdict = '排除'
        )
        and found.level in ('明确违规', '可疑')
        and found.line_of <> 'bffact_warn_rslt_d'
    group by found.fixmedins_code, found.setl_id

),

cleared_sum as (

    select
        fixmedins_code,
        count(*) as setl_cnt
    from cleared
    where hit_cnt = excluded_cnt
    group by fixmedins_code

),

-- an institution all of whose hits are excluded has none
hit as (

    select
        hit_sum.fixmedins_code,
        coalesce(hit_settled.setl_cnt, 0) - coalesce(cleared_sum.setl_cnt, 0) as hit_setl_cnt,
        coalesce(hit_sum.clear_cnt, 0) - coalesce(said_sum.clear_cnt, 0) as clear_cnt,
        coalesce(hit_sum.suspect_cnt, 0) - coalesce(said_sum.suspect_cnt, 0) as suspect_cnt,
        coalesce(hit_sum.hint_cnt, 0) - coalesce(said_sum.hint_cnt, 0) as hint_cnt,
        coalesce(said_sum.true_cnt, 0) as true_cnt,
        case
            when hit_sum.amount_cnt > coalesce(said_sum.amount_cnt, 0)
                then cast(hit_sum.amount_at_issue - coalesce(said_sum.amount_at_issue, 0) as decimal(18, 2))
        end as amount_at_issue
    from hit_sum
    left join hit_settled on hit_sum.fixmedins_code = hit_settled.fixmedins_code
    left join said_sum on hit_sum.fixmedins_code = said_sum.fixmedins_code
    left join cleared_sum on hit_sum.fixmedins_code = cleared_sum.fixmedins_code
    where hit_sum.hit_cnt > coalesce(said_sum.excluded_cnt, 0)

),

settled as (

    select
        fixmedins_code,
        cast(sum(setl_cnt) as bigint) as setl_cnt
    from step_settled
    group by fixmedins_code

),

open_case_id as (

    select
        case_id,
        fixmedins_code
    from fct_case
    where opened_date <= $last_day and (closed_date is null or closed_date > $last_day)

),

open_case as (

    select
        fixmedins_code,
        count(*) as case_cnt
    from open_case_id
    group by fixmedins_code

),

complaint as (

    select
        received.fixmedins_code,
        count(*) as cmpl_cnt,
        count(*) filter (where open_case_id.case_id is null) as apart_cnt
    from fct_complaint as received
    left join open_case_id on received.case_id = open_case_id.case_id
    where received.recv_date between $first_day and $last_day and coalesce(received.verified_flag, '') <> '0'
    group by received.fixmedins_code

)

select
    institution.fixmedins_code,
    institution.fixmedins_name,
    institution.level_class,
    coalesce(settled.setl_cnt, 0) as setl_cnt,
    coalesce(hit.hit_setl_cnt, 0) as hit_setl_cnt,
    coalesce(hit.clear_cnt, 0) as clear_cnt,
    coalesce(hit.suspect_cnt, 0) as suspect_cnt,
    coalesce(hit.hint_cnt, 0) as hint_cnt,
    coalesce(hit.true_cnt, 0) as true_cnt,
    hit.amount_at_issue,
    coalesce(complaint.cmpl_cnt, 0) as cmpl_cnt,
    coalesce(complaint.apart_cnt, 0) as apart_cnt,
    coalesce(open_case.case_cnt, 0) as case_cnt
from dim_institution as institution
left join hit on institution.fixmedins_code = hit.fixmedins_code
left join settled on institution.fixmedins_code = settled.fixmedins_code
left join complaint on institution.fixmedins_code = complaint.fixmedins_code
left join open_case on institution.fixmedins_code = open_case.fixmedins_code
where
    coalesce(settled.setl_cnt, hit.clear_cnt, complaint.cmpl_cnt, open_case.case_cnt) is not null
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
order by institution.fixmedins_code
