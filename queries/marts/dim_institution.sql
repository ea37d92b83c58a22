/*
grain: one row per institution of fixmedins_b, valid or not
key: [fixmedins_code]
same_rows_as: stg_fixmedins_b
note: attributes are those of today's fixmedins_b, also for past periods (precise.md, Rows)
*/
select
    institution.fixmedins_code,
    institution.fixmedins_name,
    institution.fixmedins_type,
    institution.hosp_lv,
    case
        when institution.fixmedins_type = '2' then '药店'
        when institution.hosp_lv in ('01', '02', '03', '04', '12') then '三级'
        when institution.hosp_lv in ('05', '06', '07', '13') then '二级'
        when institution.hosp_lv in ('08', '09', '10', '14') then '一级'
        else '未定级'
    end as level_class,
    institution.medins_natu,
    institution.specialty,
    institution.uscc,
    institution.town_code,
    coalesce(institution.town_name, town.town_name) as town_name,
    institution.lnt,
    institution.lat,
    coalesce(institution.coord_sys, 'GCJ02') as coord_sys,
    institution.bed_cnt,
    institution.fix_blng_admdvs,
    coalesce(institution.fix_blng_admdvs, substring(institution.fixmedins_code, 2, 6)) as admdvs,
    institution.vali_flag
from stg_fixmedins_b as institution
left join stg_town as town on institution.town_code = town.town_code
