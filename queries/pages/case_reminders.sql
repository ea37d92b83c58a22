/*
grain: one row per reminder of the visit
*/
select
    warn_rslt_id,
    crte_time,
    trig_scen,
    rule_id,
    rule_name,
    rule_sev_deg,
    vola_amt,
    warn_dspo_way,
    warn_dspo_way_dscr,
    dr_code
from stg_bffact_warn_rslt_d
where ym between $first_month and $last_month and fixmedins_code = $code and mdtrt_id = $mdtrt_id
order by crte_time, warn_rslt_id
