/*
grain: one row per self-check of $year, also one not handed in by $last_day
note: >
  the institution's attributes are today's; is_submitted, is_refunded and is_supervised say how it stood on $last_day. rest_amt is what is
  still to be paid back: due less done, not below 0, 0 while nothing is due
filters: a null list means all
*/
select
    checks.self_check_id,
    checks.fixmedins_code,
    institution.fixmedins_name,
    institution.level_class,
    institution.town_name,
    checks.period_begn,
    checks.period_end,
    checks.problem_type,
    checks.amt_found,
    checks.refund_due,
    checks.refund_done,
    case when checks.submit_date <= $last_day then checks.submit_date end as submit_date,
    case when checks.refund_date <= $last_day then checks.refund_date end as refund_date,
    case when checks.supervise_date <= $last_day then checks.supervise_date end as supervise_date,
    cast(greatest(coalesce(checks.refund_due, 0) - coalesce(checks.refund_done, 0), 0) as decimal(16, 2)) as rest_amt
from fct_self_check as checks
left join dim_institution as institution on checks.fixmedins_code = institution.fixmedins_code
where
    checks.year = $year
    and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
    and ($town_code is null or list_contains($town_code, institution.town_code))
order by checks.submit_date nulls last, checks.self_check_id
