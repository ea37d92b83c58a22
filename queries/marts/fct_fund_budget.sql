/*
grain: one row per year, insurance type, direction and category
key: [year, insutype, direction, category]
same_rows_as: stg_fund_budget
*/
select
    year,
    make_date(year, 12, 31) as year_end,
    insutype,
    direction,
    category,
    amt
from stg_fund_budget
