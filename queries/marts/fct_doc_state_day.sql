/*
grain: one row per day of dcla_time, issue, day and result of the first review, and what became of the sample
key: [dcla_date, issue, chk_date, chk_vola_flag, is_drawn, is_reviewed]
nullable_key: [issue, chk_date, chk_vola_flag]
by_month: ym
months_of: [stg_doc_d]
note: chk_date is null while nobody looked at the document; is_drawn and is_reviewed are the platform's marks of the second review
*/
with

state as (

    select
        ym,
        cast(dcla_time as date) as dcla_date,
        issue,
        cast(chktime as date) as chk_date,
        chk_vola_flag,
        case when smpl_flag = '1' then 1 else 0 end as is_drawn,
        case when smpl_rchk_time is not null then 1 else 0 end as is_reviewed,
        dcla_fund_amt
    from stg_doc_d

)

select
    ym,
    dcla_date,
    issue,
    chk_date,
    chk_vola_flag,
    is_drawn,
    is_reviewed,
    count(*) as doc_cnt,
    cast(sum(dcla_fund_amt) as decimal(16, 2)) as dcla_fund_amt
from state
group by ym, dcla_date, issue, chk_date, chk_vola_flag, is_drawn, is_reviewed
