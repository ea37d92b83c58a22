/*
grain: one row per month and insurance type
key: [month, insutype]
same_rows_as: stg_fund_balance
*/
select
    month,
    cast(month || '-01' as date) as month_begn,
    last_day(cast(month || '-01' as date)) as month_end,
    insutype,
    closing_balance
from stg_fund_balance
