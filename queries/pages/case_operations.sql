/*
grain: one row per operation of the settlement, the main one first
*/
select
    main_oprn_flag,
    oprn_oprt_code,
    oprn_oprt_name,
    oprn_oprt_date
from stg_setl_list_oprn_d
where setl_id = $setl_id
order by main_oprn_flag desc nulls last, oprn_oprt_code asc
