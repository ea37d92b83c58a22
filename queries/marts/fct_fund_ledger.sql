/*
grain: one row per month, insurance type, direction and category
key: [month, insutype, direction, category]
same_rows_as: stg_fund_ledger
*/
select
    month,
    cast(month || '-01' as date) as month_begn,
    last_day(cast(month || '-01' as date)) as month_end,
    insutype,
    direction,
    category,
    amt,
    person_times
from stg_fund_ledger
