/*
grain: one row
note: >
  documents with at least one suspicion of each step, by the day of declaration between $first_day and $last_day, as known in this version.
  The amounts of the steps are KPIs; how many documents were declared is the denominator of first_review_rate
filters: a null list means all
*/
select
    count(distinct suspicion.doc_id) as flagged_cnt,
    count(distinct suspicion.doc_id) filter (where suspicion.chk_vola_flag = '1') as first_review_cnt,
    count(distinct suspicion.doc_id) filter (where suspicion.finl_chk_vola_flag = '1') as confirmed_cnt,
    count(distinct suspicion.doc_id) filter (where suspicion.det_flag = '1') as deducted_cnt
from fct_suspicion as suspicion
left join dim_institution as institution on suspicion.fixmedins_code = institution.fixmedins_code
where
    suspicion.dcla_date between $first_day and $last_day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
    and ($insutype is null or list_contains($insutype, suspicion.insutype))
