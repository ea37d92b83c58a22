/*
grain: one row per final reviewer (post code) with appeals decided among the suspicions pushed in the period
key: [finl_chker]
note: the same suspicions as rule_appeals.sql; finl_chker null is a decision that nobody signed
filters: a null list means all
*/
select
    suspicion.finl_chker,
    count(*) as decided_cnt,
    count(*) filter (where suspicion.finl_chk_vola_flag = '0') as success_cnt,
    count(distinct suspicion.rule_id) as rule_cnt,
    cast(coalesce(sum(suspicion.appl_amt), 0) as decimal(18, 2)) as appeal_amt,
    cast(coalesce(sum(coalesce(suspicion.chk_vola_amt, 0) - coalesce(suspicion.cnfm_vola_amt, 0)), 0) as decimal(18, 2))
        as given_up_amt
from stg_doc_suspt_d as suspicion
left join fct_suspicion as known on suspicion.doc_suspt_id = known.doc_suspt_id
left join dim_institution as institution on known.fixmedins_code = institution.fixmedins_code
where
    cast(suspicion.push_time as date) between $first_day and $last_day
    and suspicion.appl_flag = '1'
    and suspicion.finl_chktime is not null
    and ($insutype is null or list_contains($insutype, known.insutype))
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
group by suspicion.finl_chker
order by decided_cnt desc, suspicion.finl_chker asc
