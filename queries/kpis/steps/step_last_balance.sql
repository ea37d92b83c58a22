/*
One row per insurance type: its closing balance of the last month whose last day is not after the period's.
*/
select
    insutype,
    month,
    month_end,
    closing_balance
from fct_fund_balance
where month_end <= $period_end
qualify row_number() over (partition by insutype order by month_end desc) = 1
