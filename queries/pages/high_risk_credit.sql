/*
grain: one row per person with credit points left between 1 January of the year of $last_day and $last_day
note: points add up over institutions; is_listed 1 from $suspended_points on, as the KPI suspended_persons counts
filters: a null list means all
*/
select
    point.person_code,
    cast(sum(point.net_points) as bigint) as net_points,
    count(*) as event_cnt,
    count(distinct point.fixmedins_code) as institution_cnt,
    max(point.event_date) as last_event_date,
    case when sum(point.net_points) >= $suspended_points then 1 else 0 end as is_listed
from fct_credit_point as point
left join dim_institution as institution on point.fixmedins_code = institution.fixmedins_code
where
    point.event_date between date_trunc('year', $last_day) and $last_day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
group by point.person_code
having sum(point.net_points) > 0
order by is_listed desc, point.person_code asc
