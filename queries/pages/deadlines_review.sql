/*
grain: >
  one row per step of the review, institution (appeals only) and day since when it waits or until when it may be appealed:
  appeal = pushed, not appealed, deadline not before $day; the steps are those that something waited for on $day
note: >
  first 初审 (documents), recheck 复核, push 推送, final 复审 (appealed, or the deadline passed without appeal), feedback 反馈, deduct
  扣款. What was done after $day waited on it; a deadline is read only for the appeal, the limit of 初审 is a parameter in working days
*/
with

suspicion as (

    select
        doc_suspt_id,
        checkout_suspt_amt,
        chk_vola_amt,
        appl_ddln,
        cnfm_vola_amt,
        case when chktime < $next_day then cast(chktime as date) end as checked,
        case when chktime < $next_day then chk_vola_flag end as check_flag,
        case when rchk_time < $next_day then cast(rchk_time as date) end as rechecked,
        case when rchk_time < $next_day then rchk_vola_flag end as recheck_flag,
        case when push_time < $next_day then cast(push_time as date) end as pushed,
        case when appl_flag = '1' and appl_time < $next_day then cast(appl_time as date) end as appealed,
        case when finl_chktime < $next_day then cast(finl_chktime as date) end as final_day,
        case when finl_chktime < $next_day then finl_chk_vola_flag end as final_flag,
        case when fdbk_time < $next_day then cast(fdbk_time as date) end as fed_back,
        case when det_time < $next_day or (det_time is null and det_flag = '1') then 1 else 0 end as is_deducted
    from stg_doc_suspt_d
    where checkout_time < $next_day

),

waiting as (

    select
        *,
        case
            when checked is null then null
            when is_deducted = 1 then null
            when fed_back is not null and final_flag = '1' then 'deduct'
            when fed_back is not null then null
            when final_day is not null then 'feedback'
            when appealed is not null then 'final'
            when pushed is not null and appl_ddln is null then null
            when pushed is not null and appl_ddln >= $day then 'appeal'
            when pushed is not null then 'final'
            when recheck_flag = '1' then 'push'
            when check_flag = '1' and rechecked is null then 'recheck'
        end as step
    from suspicion

)

select
    'first' as step,
    cast(null as varchar) as fixmedins_code,
    cast(null as varchar) as fixmedins_name,
    dcla_date as since,
    cast(null as date) as due_date,
    cast(sum(doc_cnt) as bigint) as item_cnt,
    cast(sum(dcla_fund_amt) as decimal(18, 2)) as amt
from fct_doc_state_day
where dcla_date <= $day and (chk_date is null or chk_date > $day)
group by dcla_date

union all

select
    waiting.step,
    known.fixmedins_code,
    institution.fixmedins_name,
    max(waiting.pushed) as since,
    cast(waiting.appl_ddln as date) as due_date,
    count(*) as item_cnt,
    cast(sum(waiting.chk_vola_amt) as decimal(18, 2)) as amt
from waiting
left join fct_suspicion as known on waiting.doc_suspt_id = known.doc_suspt_id
left join dim_institution as institution on known.fixmedins_code = institution.fixmedins_code
where waiting.step = 'appeal'
group by waiting.step, known.fixmedins_code, institution.fixmedins_name, cast(waiting.appl_ddln as date)

union all

select
    step,
    cast(null as varchar) as fixmedins_code,
    cast(null as varchar) as fixmedins_name,
    case step
        when 'recheck' then checked
        when 'push' then rechecked
        when 'final' then coalesce(appealed, cast(appl_ddln as date))
        when 'feedback' then final_day
        when 'deduct' then fed_back
    end as since,
    cast(null as date) as due_date,
    count(*) as item_cnt,
    cast(sum(coalesce(case when step in ('feedback', 'deduct') then cnfm_vola_amt end, chk_vola_amt)) as decimal(18, 2))
        as amt
from waiting
where step in ('recheck', 'push', 'final', 'feedback', 'deduct')
group by all
order by step, since, due_date, fixmedins_code
