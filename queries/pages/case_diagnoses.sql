/*
grain: one row per diagnosis of the settlement, the main one first
*/
select
    diag_type,
    maindiag_flag,
    diag_code,
    diag_name
from stg_setl_list_diag_d
where setl_id = $setl_id
order by maindiag_flag desc, diag_code asc
