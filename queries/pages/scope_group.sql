/*
grain: one row per work group that has tasks
*/
select distinct group_name
from fct_task
where group_name is not null
order by group_name
