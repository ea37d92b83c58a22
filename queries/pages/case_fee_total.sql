/*
grain: one row
note: valid fee lines against the settlement's total; difference is NULL when no line is loaded
*/
select
    count(*) as line_cnt,
    cast(sum(det_item_fee_sumamt) as decimal(18, 2)) as line_amt,
    cast(cast($total as decimal(18, 2)) - sum(det_item_fee_sumamt) as decimal(18, 2)) as difference
from stg_fee_list_d
where
    ym between $first_month and $last_month
    and fixmedins_code = $code
    and setl_id = $setl_id
    and coalesce(vali_flag, '1') = '1'
