/*
grain: one row per month with settlements of the institution
note: net of refunds, all insurance types unless some are chosen
*/
select
    ym,
    cast(sum(fund_pay_sumamt) as decimal(18, 2)) as fund_pay_sumamt,
    cast(sum(medfee_sumamt) as decimal(18, 2)) as medfee_sumamt,
    cast(sum(setl_cnt) as bigint) as setl_cnt
from fct_settlement_month
where
    fixmedins_code = $code
    and (len(cast($insutype as varchar[])) = 0 or list_contains(cast($insutype as varchar[]), insutype))
group by ym
order by ym
