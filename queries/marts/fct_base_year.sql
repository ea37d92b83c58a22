/*
grain: one row per year and insurance type
key: [year, insutype]
same_rows_as: stg_base_year
*/
select
    year,
    insutype,
    base_year,
    reason
from stg_base_year
