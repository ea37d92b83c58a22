/*
grain: one row for the institution asked, none when its code is unknown
*/
select
    fixmedins_code,
    fixmedins_name,
    fixmedins_type,
    hosp_lv,
    level_class,
    medins_natu,
    specialty,
    town_name,
    bed_cnt,
    fix_blng_admdvs,
    vali_flag
from dim_institution
where fixmedins_code = $code
