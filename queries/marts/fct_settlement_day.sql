/*
grain: one row per day of setl_time
key: [setl_date]
by_month: ym
note: refunds are settlements of their own day
*/
select
    ym,
    cast(setl_time as date) as setl_date,
    count(*) as setl_cnt
from stg_setl_d
where vali_flag = '1'
group by ym, cast(setl_time as date)
