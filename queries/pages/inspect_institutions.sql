/*
grain: one row per institution of the register, with the latest completed inspection of it and those who were there
*/
with

latest as (

    select
        fixmedins_code,
        insp_date,
        inspectors,
        row_number() over (partition by fixmedins_code order by insp_date desc, insp_id desc) as place
    from stg_inspection
    where insp_stas = '完成' and insp_date <= $day

)

select
    institution.fixmedins_code,
    institution.fixmedins_name,
    institution.level_class,
    institution.town_code,
    institution.town_name,
    latest.insp_date,
    latest.inspectors
from dim_institution as institution
left join latest on institution.fixmedins_code = latest.fixmedins_code and latest.place = 1
order by institution.fixmedins_code
