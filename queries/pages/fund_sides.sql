/*
grain: one row per insurance type and direction of the ledger
note: months wholly inside the period, and the months of the whole ledger
*/
select
    insutype,
    direction,
    cast(
        count(distinct case when month_begn >= $period_start and month_end <= $period_end then month end) as bigint
    ) as period_month_cnt,
    min(case when month_begn >= $period_start and month_end <= $period_end then month end) as first_period_month,
    max(case when month_begn >= $period_start and month_end <= $period_end then month end) as last_period_month,
    cast(count(distinct month) as bigint) as month_cnt,
    min(month) as first_month,
    max(month) as last_month
from fct_fund_ledger
group by insutype, direction
order by insutype, direction
