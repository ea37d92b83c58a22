/*
grain: one row per credit-point event of the person between 1 January of the year of $last_day and $last_day
*/
select
    point.event_date,
    point.fixmedins_code,
    institution.fixmedins_name,
    point.points,
    point.repair_points,
    point.net_points,
    point.cause,
    point.case_id
from fct_credit_point as point
left join dim_institution as institution on point.fixmedins_code = institution.fixmedins_code
where point.person_code = $person_code and point.event_date between date_trunc('year', $last_day) and $last_day
order by point.event_date asc, point.point_id asc
