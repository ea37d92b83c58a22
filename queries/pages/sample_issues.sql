/*
grain: one row per issue, newest first: documents, those that passed first review (looked at and not found wrong), those nobody has
looked at, those the platform marks as drawn and as reviewed again
*/
with

marked as (

    select
        issue,
        dcla_date,
        doc_cnt,
        case when chk_vola_flag = '0' or (chk_vola_flag is null and chk_date is not null) then 1 else 0 end as is_passed,
        case when chk_vola_flag is null and chk_date is null then 1 else 0 end as is_waiting,
        is_drawn,
        is_reviewed
    from fct_doc_state_day

)

select
    issue,
    cast(sum(doc_cnt) as bigint) as doc_cnt,
    sum(doc_cnt * is_passed) as passed_cnt,
    sum(doc_cnt * is_waiting) as waiting_cnt,
    sum(doc_cnt * is_passed * is_drawn) as drawn_cnt,
    sum(doc_cnt * is_passed * is_drawn * is_reviewed) as reviewed_cnt,
    min(dcla_date) as first_declared,
    max(dcla_date) as last_declared
from marked
group by issue
order by issue desc
