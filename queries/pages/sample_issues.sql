/*
grain: one row per issue, newest first: documents, those that passed first review, those the platform marks as drawn and as reviewed again
*/
select
    issue,
    count(*) as doc_cnt,
    sum(case when chk_vola_flag = '0' then 1 else 0 end) as passed_cnt,
    sum(case when chk_vola_flag is null then 1 else 0 end) as waiting_cnt,
    sum(case when chk_vola_flag = '0' and smpl_flag = '1' then 1 else 0 end) as drawn_cnt,
    sum(case when chk_vola_flag = '0' and smpl_flag = '1' and smpl_rchk_time is not null then 1 else 0 end) as reviewed_cnt,
    min(cast(dcla_time as date)) as first_declared,
    max(cast(dcla_time as date)) as last_declared
from stg_doc_d
group by issue
order by issue desc
