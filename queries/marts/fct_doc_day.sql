/*
grain: one row per day of dcla_time
key: [dcla_date]
by_month: ym
*/
select
    ym,
    cast(dcla_time as date) as dcla_date,
    count(*) as doc_cnt,
    cast(sum(coalesce(dcla_fund_amt, 0)) as decimal(16, 2)) as dcla_fund_amt
from stg_doc_d
group by ym, cast(dcla_time as date)
