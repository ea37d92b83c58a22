/*
grain: one row per first reviewer of the suspicions pushed to institutions between $first_day and $last_day
note: >
  appealed and decided as in appeal_rate and appeal_success_rate; won_cnt is what the second review took back. Amounts are those of the
  first review, and of what was taken back of them
filters: a null list means all
*/
select
    chker,
    count(*) as pushed_cnt,
    count(*) filter (where appl_flag = '1') as appealed_cnt,
    count(*) filter (where appl_flag = '1' and finl_chk_date is not null) as decided_cnt,
    count(*) filter (
        where
        appl_flag = '1' and finl_chk_date is not null and coalesce(finl_chk_vola_flag, '0') = '0'
    ) as won_cnt,
    cast(coalesce(sum(chk_vola_amt) filter (where appl_flag = '1'), 0) as decimal(16, 2))
        as appealed_amt,
    cast(
        coalesce(
            sum(chk_vola_amt) filter (
                where
                appl_flag = '1'
                and finl_chk_date is not null
                and coalesce(finl_chk_vola_flag, '0') = '0'
            ),
            0
        )
        as decimal(16, 2)
    ) as won_amt
from step_suspicion
where push_date between $first_day and $last_day
group by chker
order by chker nulls last
