/*
grain: one row per rule with a suspicion on a document declared between $first_day and $last_day
note: the steps are those of the funnel; amounts as in the KPIs of the same names
filters: a null list means all
*/
select
    suspicion.rule_id,
    max(suspicion.rule_name) as rule_name,
    count(*) as flagged_cnt,
    cast(sum(suspicion.checkout_suspt_amt) as decimal(16, 2)) as flagged_amt,
    count(*) filter (where suspicion.chk_vola_flag = '1') as first_review_cnt,
    cast(coalesce(sum(suspicion.chk_vola_amt) filter (where suspicion.chk_vola_flag = '1'), 0) as decimal(16, 2))
        as first_review_amt,
    count(*) filter (where suspicion.finl_chk_vola_flag = '1') as confirmed_cnt,
    cast(coalesce(sum(suspicion.cnfm_vola_amt) filter (where suspicion.finl_chk_vola_flag = '1'), 0) as decimal(16, 2))
        as confirmed_amt,
    count(*) filter (where suspicion.det_flag = '1') as deducted_cnt,
    cast(sum(suspicion.deducted_amt) as decimal(16, 2)) as deducted_amt,
    count(distinct suspicion.fixmedins_code) as institution_cnt
from fct_suspicion as suspicion
left join dim_institution as institution on suspicion.fixmedins_code = institution.fixmedins_code
where
    suspicion.dcla_date between $first_day and $last_day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
    and ($insutype is null or list_contains($insutype, suspicion.insutype))
group by suspicion.rule_id
order by suspicion.rule_id
