/*
grain: one row per published reimbursement ratio of a span wholly inside the period
*/
select
    begndate,
    enddate,
    insutype,
    category,
    reimb_ratio_pct
from fct_benefit
where role = '比例' and reimb_ratio_pct is not null and begndate >= $period_start and enddate <= $period_end
order by insutype asc, begndate asc, enddate asc, reimb_ratio_pct desc
