-- The stays of fct_inpatient_settlement added up by month: no single stay leaves with its days and amounts.
select
    ym,
    fixmedins_code,
    insutype,
    med_type,
    is_outside,
    cast(sum(case when refd_setl_flag = '1' then -1 else 1 end) as bigint) as setl_cnt,
    cast(sum(case when refd_setl_flag = '1' then 1 else 0 end) as bigint) as refd_cnt,
    cast(sum(medfee_sumamt) as decimal(16, 2)) as medfee_sumamt,
    cast(sum(inscp_amt) as decimal(16, 2)) as inscp_amt,
    cast(sum(fund_pay_sumamt) as decimal(16, 2)) as fund_pay_sumamt
from fct_inpatient_settlement
group by ym, fixmedins_code, insutype, med_type, is_outside
order by ym, fixmedins_code, insutype, med_type, is_outside
