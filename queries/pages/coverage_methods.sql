/*
grain: one row per kind and method of completed inspections in the period
filters: a null list means all
*/
select
    inspection.insp_kind,
    inspection.insp_method,
    count(*) as inspection_cnt,
    count(distinct inspection.fixmedins_code) as institution_cnt,
    sum(case when inspection.random_flag = '1' then 1 else 0 end) as random_cnt,
    sum(case when inspection.vola_found_flag = '1' then 1 else 0 end) as found_cnt,
    sum(case when inspection.has_record = 1 then 1 else 0 end) as record_cnt
from fct_inspection as inspection
left join dim_institution as institution on inspection.fixmedins_code = institution.fixmedins_code
where
    inspection.insp_stas = '完成'
    and inspection.insp_date between $first_day and $last_day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
group by inspection.insp_kind, inspection.insp_method
order by inspection.insp_kind asc, inspection_cnt desc, inspection.insp_method asc
