/*
grain: one row per institution assessed for $year
filters: a null list means all
*/
select
    assessment.fixmedins_code,
    institution.fixmedins_name,
    institution.fixmedins_type,
    institution.level_class,
    institution.town_name,
    assessment.score,
    assessment.grade,
    assessment.deduct_points,
    assessment.withheld_amt
from fct_assessment as assessment
left join dim_institution as institution on assessment.fixmedins_code = institution.fixmedins_code
where
    assessment.year = $year
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
order by assessment.fixmedins_code
