/*
grain: one row per agreement of the institution, newest first
note: is_in_force and is_suspended are the state on $on_date
*/
select
    cntr_id,
    cntr_stas,
    efft_date,
    end_date,
    stas_begndate,
    stas_enddate,
    $on_date between efft_date and end_date as is_in_force,
    cntr_stas = '2' and $on_date between stas_begndate and coalesce(stas_enddate, $on_date) as is_suspended
from fct_agreement
where fixmedins_code = $code
order by efft_date desc, cntr_id asc
