/*
grain: one row per institution of the register with its level, the group of its peers
*/
select
    fixmedins_code,
    fixmedins_name,
    level_class
from dim_institution
order by fixmedins_code
