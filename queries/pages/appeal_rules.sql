/*
grain: one row per rule of the suspicions pushed to institutions between $first_day and $last_day
note: >
  appealed and decided as in appeal_rate and appeal_success_rate; won_cnt is what the second review took back. Amounts are those of the
  first review, and of what was taken back of them
filters: a null list means all
*/
select
    suspicion.rule_id,
    max(suspicion.rule_name) as rule_name,
    count(*) as pushed_cnt,
    count(*) filter (where suspicion.appl_flag = '1') as appealed_cnt,
    count(*) filter (where suspicion.appl_flag = '1' and suspicion.finl_chk_date is not null) as decided_cnt,
    count(*) filter (
        where
        suspicion.appl_flag = '1' and suspicion.finl_chk_date is not null and coalesce(suspicion.finl_chk_vola_flag, '0') = '0'
    ) as won_cnt,
    cast(coalesce(sum(suspicion.chk_vola_amt) filter (where suspicion.appl_flag = '1'), 0) as decimal(16, 2))
        as appealed_amt,
    cast(
        coalesce(
            sum(suspicion.chk_vola_amt) filter (
                where
                suspicion.appl_flag = '1'
                and suspicion.finl_chk_date is not null
                and coalesce(suspicion.finl_chk_vola_flag, '0') = '0'
            ),
            0
        )
        as decimal(16, 2)
    ) as won_amt
from fct_suspicion as suspicion
left join dim_institution as institution on suspicion.fixmedins_code = institution.fixmedins_code
where
    suspicion.push_date between $first_day and $last_day
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
    and ($insutype is null or list_contains($insutype, suspicion.insutype))
group by suspicion.rule_id
order by suspicion.rule_id nulls last
