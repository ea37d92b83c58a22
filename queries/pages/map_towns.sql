/*
grain: one row per town, and one without a code for institutions that name none
note: >
  valid institutions with an agreement in force on $on_date. hospital_cnt are medical institutions with a grade; bed_cnt is the
  sum of the beds reported, bed_known_cnt by how many institutions. population NULL: not known, or the town is not in the table
*/
with

in_force as (

    select distinct fixmedins_code
    from fct_agreement
    where $on_date between efft_date and end_date

),

counted as (

    select
        institution.town_code,
        max(institution.town_name) as town_name,
        count(*) as institution_cnt,
        sum(case when institution.fixmedins_type = '1' then 1 else 0 end) as medical_cnt,
        sum(
            case when institution.fixmedins_type = '1' and institution.level_class <> '未定级' then 1 else 0 end
        ) as hospital_cnt,
        sum(case when institution.fixmedins_type = '2' then 1 else 0 end) as pharmacy_cnt,
        sum(institution.bed_cnt) as bed_cnt,
        count(institution.bed_cnt) as bed_known_cnt
    from dim_institution as institution
    inner join in_force on institution.fixmedins_code = in_force.fixmedins_code
    where
        institution.vali_flag = '1'
        and (
            len(cast($fixmedins_type as varchar[])) = 0
            or list_contains(cast($fixmedins_type as varchar[]), institution.fixmedins_type)
        )
        and (
            len(cast($level_class as varchar[])) = 0
            or list_contains(cast($level_class as varchar[]), institution.level_class)
        )
        and (
            len(cast($medins_natu as varchar[])) = 0
            or list_contains(cast($medins_natu as varchar[]), institution.medins_natu)
        )
    group by institution.town_code

)

select
    coalesce(town.town_code, counted.town_code) as town_code,
    coalesce(town.town_name, counted.town_name, counted.town_code, '未登记乡镇') as town_name,
    cast(town.population as bigint) as population,
    cast(coalesce(counted.institution_cnt, 0) as bigint) as institution_cnt,
    cast(coalesce(counted.medical_cnt, 0) as bigint) as medical_cnt,
    cast(coalesce(counted.hospital_cnt, 0) as bigint) as hospital_cnt,
    cast(coalesce(counted.pharmacy_cnt, 0) as bigint) as pharmacy_cnt,
    cast(counted.bed_cnt as bigint) as bed_cnt,
    cast(coalesce(counted.bed_known_cnt, 0) as bigint) as bed_known_cnt
from dim_town as town
full join counted on town.town_code = counted.town_code
where
    len(cast($town_code as varchar[])) = 0
    or list_contains(cast($town_code as varchar[]), coalesce(town.town_code, counted.town_code))
order by town_code nulls last
