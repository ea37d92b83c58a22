/*
grain: one row per interface of the institution
*/
select
    intf_code,
    onln_date,
    stas
from fct_interface
where fixmedins_code = $code
order by intf_code
