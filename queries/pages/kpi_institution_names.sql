/*
grain: one row per institution of the register
*/
select
    fixmedins_code,
    fixmedins_name
from dim_institution
order by fixmedins_code
