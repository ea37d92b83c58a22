/*
grain: one row per list of the bureau, with the rows in force of this version
*/
select
    'base_year' as table_name,
    count(*) as row_cnt
from fct_base_year
union all
select
    'event_mark' as table_name,
    count(*) as row_cnt
from fct_event_mark
union all
select
    'med_type' as table_name,
    count(*) as row_cnt
from stg_med_type
where coalesce(vali_flag, '1') <> '0'
union all
select
    'workday' as table_name,
    count(*) as row_cnt
from dim_workday
where own_flag = '1'
