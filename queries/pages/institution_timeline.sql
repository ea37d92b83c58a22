/*
grain: one row per thing that happened at the institution, newest first
note: >
  detail is free text of a person's hand and only shown to roles that see cases. code is a word of code list code_list.
  shown_date is the day, or the month, quarter or year of things that have no day of their own.
  ref_kind says what a click opens: case, list (a KPI's list at this institution) or month (settlements of that month)
*/
with

agreement as (

    select
        efft_date as event_date,
        strftime(efft_date, '%Y-%m-%d') as shown_date,
        '协议' as kind,
        'cntr_stas' as code_list,
        cntr_stas as code,
        '协议' || cntr_id || ' 生效至 ' || strftime(end_date, '%Y-%m-%d') as what,
        cast(null as varchar) as detail,
        cast(null as decimal(18, 2)) as amount,
        'list' as ref_kind,
        'inspection_coverage' as ref
    from fct_agreement
    where fixmedins_code = $code

),

agreement_state as (

    select
        stas_begndate as event_date,
        strftime(stas_begndate, '%Y-%m-%d') as shown_date,
        '协议' as kind,
        'cntr_stas' as code_list,
        cntr_stas as code,
        '协议' || cntr_id || ' 状态变更'
        || case when stas_enddate is not null then ',至 ' || strftime(stas_enddate, '%Y-%m-%d') else '' end as what,
        null as detail,
        null as amount,
        'list' as ref_kind,
        'inspection_coverage' as ref
    from fct_agreement
    where fixmedins_code = $code and cntr_stas <> '1' and stas_begndate is not null

),

interface as (

    select
        onln_date as event_date,
        strftime(onln_date, '%Y-%m-%d') as shown_date,
        '接口' as kind,
        'intf_code' as code_list,
        intf_code as code,
        '接口上线' || case when stas = '0' then '(现已停用)' else '' end as what,
        null as detail,
        null as amount,
        'list' as ref_kind,
        case when intf_code = '3101' then 'interface_coverage' else 'video_coverage' end as ref
    from fct_interface
    where fixmedins_code = $code

),

inspection as (

    select
        insp_date as event_date,
        strftime(insp_date, '%Y-%m-%d') as shown_date,
        '检查' as kind,
        'insp_method' as code_list,
        insp_method as code,
        insp_kind || ' ' || insp_id || ',' || insp_stas
        || case when vola_found_flag = '1' then ',发现问题 ' || finding_cnt || ' 个' else '' end as what,
        null as detail,
        case when finding_cnt > 0 then finding_amt end as amount,
        'list' as ref_kind,
        'problem_found_rate' as ref
    from fct_inspection
    where fixmedins_code = $code

),

finding as (

    select
        found_date as event_date,
        strftime(found_date, '%Y-%m-%d') as shown_date,
        '问题' as kind,
        'vola_nature' as code_list,
        vola_nature as code,
        '问题 ' || finding_id || coalesce(',告知单 ' || notice_no, '') as what,
        null as detail,
        amt as amount,
        case when case_id is null then 'list' else 'case' end as ref_kind,
        coalesce(case_id, 'problem_found_rate') as ref
    from fct_finding
    where fixmedins_code = $code

),

handling as (

    select
        decided_date as event_date,
        strftime(decided_date, '%Y-%m-%d') as shown_date,
        '处理' as kind,
        'handle_type' as code_list,
        handle_type as code,
        coalesce(psn_object || ' ', '') || handle_id || coalesce(',' || handle_stas, '')
        || case when amt_due is not null then ',已缴 ' || format('{:,.2f}', coalesce(amt_done, 0)) || ' 元' else '' end as what,
        null as detail,
        amt_due as amount,
        case when case_id is null then 'list' else 'case' end as ref_kind,
        coalesce(case_id, 'handling_counts') as ref
    from fct_handling
    where fixmedins_code = $code

),

self_check as (

    select
        coalesce(submit_date, period_end) as event_date,
        coalesce(strftime(submit_date, '%Y-%m-%d'), year || '年度') as shown_date,
        '自查' as kind,
        null as code_list,
        null as code,
        year || ' 年自查'
        || case when submit_date is null then '未提交' else '提交:' || coalesce(problem_type, '未写问题类型') end
        || case when refund_due > 0 then ',应退 ' || refund_due || ' 元,已退 ' || coalesce(refund_done, 0) || ' 元' else '' end
            as what,
        null as detail,
        amt_found as amount,
        'list' as ref_kind,
        'self_check_coverage' as ref
    from fct_self_check
    where fixmedins_code = $code

),

reminder as (

    select
        last_day(cast(ym || '-01' as date)) as event_date,
        ym || ' 全月' as shown_date,
        '提醒' as kind,
        null as code_list,
        null as code,
        '当月事前提醒 ' || sum(warn_cnt) || ' 次,返回修改 '
        || sum(case when warn_dspo_way = '2' then warn_cnt else 0 end) || ' 次,继续执行 '
        || sum(case when warn_dspo_way = '1' then warn_cnt else 0 end) || ' 次' as what,
        null as detail,
        sum(vola_amt) as amount,
        'month' as ref_kind,
        ym as ref
    from fct_reminder_month
    where fixmedins_code = $code
    group by ym

),

suspicion as (

    select
        last_day(cast(ym || '-01' as date)) as event_date,
        ym || ' 全月' as shown_date,
        '疑点' as kind,
        null as code_list,
        null as code,
        '当月检出疑点 ' || sum(flagged_cnt) || ' 条(未核实),复审确认 ' || sum(confirmed_cnt) || ' 条,扣款 '
        || sum(deducted_cnt) || ' 条 ' || format('{:,.2f}', sum(deducted_amt)) || ' 元' as what,
        null as detail,
        sum(flagged_amt) as amount,
        'month' as ref_kind,
        ym as ref
    from fct_suspicion_month
    where fixmedins_code = $code
    group by ym

),

clue_case as (

    select
        opened_date as event_date,
        strftime(opened_date, '%Y-%m-%d') as shown_date,
        '案件' as kind,
        'case_souc' as code_list,
        case_souc as code,
        '立案 ' || case_id || ',' || case_stas as what,
        title as detail,
        case
            when fraud_amt is null and vola_amt is null then null
            else coalesce(fraud_amt, 0) + coalesce(vola_amt, 0)
        end as amount,
        'case' as ref_kind,
        case_id as ref
    from fct_case
    where fixmedins_code = $code

),

case_event as (

    select
        event_date,
        strftime(event_date, '%Y-%m-%d') as shown_date,
        '案件' as kind,
        null as code_list,
        null as code,
        event_type || ' ' || case_id as what,
        text as detail,
        null as amount,
        'case' as ref_kind,
        case_id as ref
    from fct_case_event
    where fixmedins_code = $code

),

complaint as (

    select
        recv_date as event_date,
        strftime(recv_date, '%Y-%m-%d') as shown_date,
        '举报' as kind,
        null as code_list,
        null as code,
        '举报投诉 ' || cmpl_id
        || case
            when reply_date is not null then ',' || strftime(reply_date, '%Y-%m-%d') || ' 回复'
            else ',未回复'
        end
        || case when verified_flag = '1' then ',查实' else '' end as what,
        subject as detail,
        null as amount,
        case when case_id is null then 'list' else 'case' end as ref_kind,
        coalesce(case_id, 'complaint_reply_rate') as ref
    from fct_complaint
    where fixmedins_code = $code

),

credit_point as (

    select
        event_date,
        strftime(event_date, '%Y-%m-%d') as shown_date,
        '记分' as kind,
        null as code_list,
        null as code,
        '支付资格记 ' || points || ' 分' || case when repair_points > 0 then ',已修复 ' || repair_points || ' 分' else '' end
            as what,
        cause as detail,
        null as amount,
        case when case_id is null then 'list' else 'case' end as ref_kind,
        coalesce(case_id, 'suspended_persons') as ref
    from fct_credit_point
    where fixmedins_code = $code

),

assessment as (

    select
        year_end as event_date,
        year || '年度' as shown_date,
        '考核' as kind,
        null as code_list,
        null as code,
        year || ' 年度考核 ' || score || ' 分' || coalesce(',' || grade, '') as what,
        null as detail,
        withheld_amt as amount,
        'list' as ref_kind,
        'assessment_coverage' as ref
    from fct_assessment
    where fixmedins_code = $code

),

post_review as (

    select
        coalesce(done_date, quarter_end) as event_date,
        coalesce(strftime(done_date, '%Y-%m-%d'), quarter) as shown_date,
        '事后审核' as kind,
        null as code_list,
        null as code,
        quarter || ' 结算事后审核' || case when done_date is null then '未完成' else '完成' end
        || coalesce(',追回 ' || format('{:,.2f}', amt_recovered) || ' 元', '') as what,
        null as detail,
        amt_vola as amount,
        'list' as ref_kind,
        'post_review_rate' as ref
    from fct_post_review
    where fixmedins_code = $code

)

select * from agreement
union all
select * from agreement_state
union all
select * from interface
union all
select * from inspection
union all
select * from finding
union all
select * from handling
union all
select * from self_check
union all
select * from reminder
union all
select * from suspicion
union all
select * from clue_case
union all
select * from case_event
union all
select * from complaint
union all
select * from credit_point
union all
select * from assessment
union all
select * from post_review
order by event_date desc nulls last, kind asc, what asc
