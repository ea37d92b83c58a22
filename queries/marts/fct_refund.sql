/*
grain: one row per refund in force that names the settlement it takes back
key: [setl_id]
by_month: ym
note: a settlement is refunded when a row here names it, at any date, any amount (precise.md, Rows)
*/
select
    ym,
    setl_id,
    init_setl_id,
    cast(setl_time as date) as refund_date
from stg_setl_d
where vali_flag = '1' and refd_setl_flag = '1' and init_setl_id is not null
