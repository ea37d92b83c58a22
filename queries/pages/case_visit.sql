/*
grain: one row for the visit of the settlement, none when it is not loaded
note: begins within the months first_month to last_month (a stay may have begun long before it was settled)
*/
select
    mdtrt_id,
    ym,
    begntime,
    endtime,
    dscg_maindiag_code,
    dscg_maindiag_name,
    adm_dept_name,
    chfpdr_code,
    dscg_way,
    inhosp_stas
from stg_mdtrt_d
where ym between $first_month and $last_month and fixmedins_code = $code and mdtrt_id = $mdtrt_id
