/*
grain: one row per insurance type, direction and category of the ledger's months that lie wholly inside the period
*/
select
    insutype,
    direction,
    category,
    cast(sum(amt) as decimal(18, 2)) as amt,
    cast(sum(person_times) as bigint) as person_times,
    cast(count(distinct month) as bigint) as month_cnt,
    max(month) as last_month
from fct_fund_ledger
where month_begn >= $period_start and month_end <= $period_end
group by insutype, direction, category
order by insutype asc, direction asc, amt desc, category asc
