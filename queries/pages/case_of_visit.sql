/*
grain: one row per settlement of the visit asked; first the one to show: in force, no refund, the newest
*/
select
    setl_id,
    ym
from stg_setl_d
where mdtrt_id = $mdtrt_id
order by vali_flag desc, refd_setl_flag asc, setl_time desc, setl_id asc
