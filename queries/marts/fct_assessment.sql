/*
grain: one row per institution and year
key: [fixmedins_code, year]
same_rows_as: stg_assessment
*/
select
    fixmedins_code,
    year,
    make_date(year, 12, 31) as year_end,
    score,
    grade,
    deduct_points,
    withheld_amt
from stg_assessment
