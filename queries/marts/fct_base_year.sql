/*
grain: one row per year and insurance type
key: [year, insutype]
note: without the rows that were taken back
*/
select
    year,
    insutype,
    base_year,
    reason
from stg_base_year
where coalesce(vali_flag, '1') <> '0'
