/*
grain: one row per medical category that the table of categories does not hold
*/
select
    fact.med_type,
    cast(sum(fact.setl_cnt + 2 * fact.refd_cnt) as bigint) as row_cnt,
    cast(sum(fact.fund_pay_sumamt) as decimal(18, 2)) as fund_pay_sumamt,
    min(fact.ym) as first_month,
    max(fact.ym) as last_month
from fct_settlement_month as fact
left join dim_med_type as category on fact.med_type = category.med_type
where category.med_type is null
group by fact.med_type
order by row_cnt desc, fact.med_type asc
