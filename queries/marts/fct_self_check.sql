/*
grain: one row per self-check
key: [self_check_id]
same_rows_as: stg_self_check
note: year is the year of period_begn, the year a self-check belongs to
*/
select
    self_check_id,
    fixmedins_code,
    cast(year(period_begn) as integer) as year,
    period_begn,
    period_end,
    submit_date,
    problem_type,
    amt_found,
    refund_due,
    refund_done,
    refund_date,
    supervise_date
from stg_self_check
