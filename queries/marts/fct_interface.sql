/*
grain: one row per institution and interface
key: [fixmedins_code, intf_code]
same_rows_as: stg_intf_onln_d
note: a blank stas is in use; 0 does not count as connected
*/
select
    fixmedins_code,
    intf_code,
    onln_date,
    coalesce(stas, '1') as stas
from stg_intf_onln_d
