/*
grain: one row per internal control check
key: [control_id]
same_rows_as: stg_control_check
*/
select
    control_id,
    check_date,
    post,
    risk_level,
    found_cnt,
    fixed_cnt
from stg_control_check
