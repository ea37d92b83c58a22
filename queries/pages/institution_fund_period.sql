/*
grain: one row
note: fund paid in the months first_month to last_month, NULL without a settlement
*/
select
    cast(sum(fund_pay_sumamt) as decimal(18, 2)) as fund_pay_sumamt,
    cast(coalesce(sum(setl_cnt), 0) as bigint) as setl_cnt
from fct_settlement_month
where fixmedins_code = $code and ym between $first_month and $last_month
