/*
grain: one row per year that has an assessment
*/
select distinct year
from fct_assessment
order by year
