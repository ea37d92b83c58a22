/*
grain: one row per institution and nature of what inspections found in the period
filters: a null list means all
*/
select
    finding.fixmedins_code,
    finding.vola_nature,
    count(*) as finding_cnt,
    sum(finding.amt) as finding_amt
from fct_finding as finding
left join dim_institution as institution on finding.fixmedins_code = institution.fixmedins_code
where
    finding.insp_id is not null
    and finding.found_date between $first_day and $last_day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
group by finding.fixmedins_code, finding.vola_nature
order by finding.fixmedins_code, finding.vola_nature
