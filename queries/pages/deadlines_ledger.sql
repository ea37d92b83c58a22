/*
grain: one row per thing of the bureau's ledgers that was open on $day, with its due day where one is recorded
note: >
  topics: case 案件, complaint 举报投诉 (not closed), reply 举报待回复 (closed, not answered), task 任务, rectify 限期整改, suspension
  中止期满 (the register still says 中止), agreement 协议到期 (no later agreement of the institution). What was done after $day was open on it
*/
select
    'case' as topic,
    clue_case.case_id as item_id,
    clue_case.title as what,
    clue_case.case_souc as note,
    clue_case.opened_date as since,
    clue_case.due_date,
    clue_case.fixmedins_code,
    institution.fixmedins_name as who,
    clue_case.case_id
from fct_case as clue_case
left join dim_institution as institution on clue_case.fixmedins_code = institution.fixmedins_code
where clue_case.opened_date <= $day and (clue_case.closed_date is null or clue_case.closed_date > $day)

union all

select
    case when complaint.closed_date <= $day then 'reply' else 'complaint' end as topic,
    complaint.cmpl_id as item_id,
    complaint.subject as what,
    complaint.channel as note,
    case when complaint.closed_date <= $day then complaint.closed_date else complaint.recv_date end as since,
    case when complaint.closed_date <= $day then null else complaint.due_date end as due_date,
    complaint.fixmedins_code,
    institution.fixmedins_name as who,
    complaint.case_id
from fct_complaint as complaint
left join dim_institution as institution on complaint.fixmedins_code = institution.fixmedins_code
where
    complaint.recv_date <= $day
    and (
        complaint.closed_date is null
        or complaint.closed_date > $day
        or complaint.reply_date is null
        or complaint.reply_date > $day
    )

union all

select
    'task' as topic,
    task_id as item_id,
    title as what,
    owner as note,
    begndate as since,
    due_date,
    null as fixmedins_code,
    group_name as who,
    null as case_id
from fct_task
where done_date is null or done_date > $day

union all

select
    'rectify' as topic,
    handling.handle_id as item_id,
    '限期整改' as what,
    handling.handle_stas as note,
    handling.decided_date as since,
    handling.enddate as due_date,
    handling.fixmedins_code,
    institution.fixmedins_name as who,
    handling.case_id
from fct_handling as handling
left join dim_institution as institution on handling.fixmedins_code = institution.fixmedins_code
where
    handling.handle_type = '20'
    and handling.decided_date <= $day
    and (handling.done_date is null or handling.done_date > $day)

union all

select
    'suspension' as topic,
    agreement.cntr_id as item_id,
    '中止协议期满' as what,
    null as note,
    agreement.stas_begndate as since,
    agreement.stas_enddate as due_date,
    agreement.fixmedins_code,
    institution.fixmedins_name as who,
    null as case_id
from fct_agreement as agreement
left join dim_institution as institution on agreement.fixmedins_code = institution.fixmedins_code
where
    agreement.cntr_stas = '2'
    and agreement.efft_date <= $day
    and agreement.invd_date >= $day
    and (agreement.stas_begndate is null or agreement.stas_begndate <= $day)

union all

select
    'agreement' as topic,
    agreement.cntr_id as item_id,
    '协议到期' as what,
    null as note,
    agreement.efft_date as since,
    agreement.invd_date as due_date,
    agreement.fixmedins_code,
    institution.fixmedins_name as who,
    null as case_id
from fct_agreement as agreement
left join dim_institution as institution on agreement.fixmedins_code = institution.fixmedins_code
where
    agreement.cntr_stas in ('1', '2')
    and agreement.efft_date <= $day
    and not exists (
        select 1
        from fct_agreement as later
        where
            later.fixmedins_code = agreement.fixmedins_code
            and (
                later.invd_date > agreement.invd_date
                or (later.invd_date = agreement.invd_date and later.cntr_id > agreement.cntr_id)
            )
    )
order by topic, due_date, item_id
