-- The credit points of fct_credit_point added up by institution and month: no person's code.
select
    strftime(event_date, '%Y-%m') as ym,
    fixmedins_code,
    count(*) as point_cnt,
    cast(sum(points) as bigint) as points,
    cast(sum(net_points) as bigint) as net_points
from fct_credit_point
group by all
order by ym, fixmedins_code
