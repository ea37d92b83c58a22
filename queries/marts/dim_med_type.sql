/*
grain: one row per medical category
key: [med_type]
note: the bureau's own table when it holds a row in force, else the default that ships with the product; never a mixture of the two
*/
with

loaded as (

    select count(*) as row_cnt
    from stg_med_type
    where coalesce(vali_flag, '1') <> '0'

)

select
    med_type,
    med_type_name,
    coalesce(inpatient, '0') as inpatient,
    coalesce(outpatient, '0') as outpatient,
    coalesce(pharmacy, '0') as pharmacy,
    coalesce(chronic, '0') as chronic,
    coalesce(maternity, '0') as maternity
from stg_med_type
where coalesce(vali_flag, '1') <> '0'

union all

select
    shipped.med_type,
    shipped.med_type_name,
    shipped.inpatient,
    shipped.outpatient,
    shipped.pharmacy,
    shipped.chronic,
    shipped.maternity
from reference.med_type as shipped
cross join loaded
where loaded.row_cnt = 0
