/*
One row per review document with the last day for its first review: the n-th working day after the day of declaration.
chk_state is 0 not looked at, 1 by the last day, 2 later.
*/
with

last_day_of as (

    select
        declared.cal_date as dcla_date,
        due.cal_date as due_date
    from dim_workday as declared
    inner join dim_workday as due on due.workday_no = declared.workday_no + cast($review_workdays as bigint)
    where due.workday_flag = '1'

)

select
    doc.ym,
    doc.doc_id,
    doc.setl_id,
    doc.fixmedins_code,
    doc.insutype,
    doc.med_type,
    doc.dcla_fund_amt,
    doc.chker,
    cast(doc.dcla_time as date) as dcla_date,
    cast(doc.chktime as date) as chk_date,
    due.due_date,
    case
        when doc.chktime is null then '0'
        when cast(doc.chktime as date) > due.due_date then '2'
        else '1'
    end as chk_state
from stg_doc_d as doc
left join last_day_of as due on cast(doc.dcla_time as date) = due.dcla_date
