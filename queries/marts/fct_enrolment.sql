/*
grain: one row per month and insurance type
key: [month, insutype]
same_rows_as: stg_enrolment
*/
select
    month,
    cast(month || '-01' as date) as month_begn,
    last_day(cast(month || '-01' as date)) as month_end,
    insutype,
    persons
from stg_enrolment
