/*
grain: one row per settlement of the institution in one month, newest first, at most 1,000
note: ym and fixmedins_code let the reader skip every other month's files and most row groups of this one
*/
select
    setl_id,
    ym,
    setl_time,
    psn_no,
    gend,
    age,
    insutype,
    med_type,
    begndate,
    enddate,
    medfee_sumamt,
    inscp_amt,
    fund_pay_sumamt,
    psn_pay,
    refd_setl_flag
from stg_setl_d
where ym = $ym and fixmedins_code = $code and vali_flag = '1'
order by setl_time desc, setl_id asc
limit 1000
