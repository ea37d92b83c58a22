/*
grain: one row per issue, newest first: documents, those that passed first review (looked at and not found wrong), those nobody has
looked at, those the platform marks as drawn and as reviewed again
*/
with

marked as (

    select
        issue,
        cast(dcla_time as date) as dcla_date,
        case when chk_vola_flag = '0' or (chk_vola_flag is null and chktime is not null) then 1 else 0 end as is_passed,
        case when chk_vola_flag is null and chktime is null then 1 else 0 end as is_waiting,
        case when smpl_flag = '1' then 1 else 0 end as is_drawn,
        case when smpl_rchk_time is not null then 1 else 0 end as is_reviewed
    from stg_doc_d

)

select
    issue,
    count(*) as doc_cnt,
    sum(is_passed) as passed_cnt,
    sum(is_waiting) as waiting_cnt,
    sum(is_passed * is_drawn) as drawn_cnt,
    sum(is_passed * is_drawn * is_reviewed) as reviewed_cnt,
    min(dcla_date) as first_declared,
    max(dcla_date) as last_declared
from marked
group by issue
order by issue desc
