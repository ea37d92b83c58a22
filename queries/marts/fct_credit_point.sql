/*
grain: one row per credit-point event
key: [point_id]
same_rows_as: stg_credit_point
note: net_points are the points left after repair
*/
select
    point_id,
    person_code,
    fixmedins_code,
    event_date,
    points,
    repair_points,
    points - coalesce(repair_points, 0) as net_points,
    cause,
    case_id
from stg_credit_point
