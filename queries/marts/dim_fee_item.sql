/*
grain: one row per month of fee lines, item code and item name as billed
key: [ym, hilist_code, hilist_name]
by_month: ym
note: the few items that fee lines use, so that knowledge points (code, prefix or name) are matched with these and not with every line
*/
select distinct
    ym,
    hilist_code,
    hilist_name
from stg_fee_list_d
