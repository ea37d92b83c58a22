/*
grain: one row per fee line of the settlement
note: >
  mark says what the line itself shows: a unit price over its ceiling (by more than one in a thousand), a line taken back, a line
  no longer valid. It is no finding
*/
select
    bkkp_sn,
    fee_ocur_time,
    hilist_code,
    hilist_name,
    med_chrgitm_type,
    chrgitm_lv,
    cnt,
    pric,
    pric_uplmt_amt,
    det_item_fee_sumamt,
    inscp_amt,
    bilg_dept_name,
    bilg_dr_code,
    case
        when vali_flag = '0' then '已作废'
        when cnt < 0 or det_item_fee_sumamt < 0 then '退费'
        when pric > pric_uplmt_amt * 1.001 then '单价高于定价上限'
    end as mark
from stg_fee_list_d
where ym between $first_month and $last_month and fixmedins_code = $code and setl_id = $setl_id
order by fee_ocur_time, bkkp_sn
