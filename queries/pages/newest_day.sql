/*
grain: one row: the newest day on which something happened that the screens count, not after the day of loading
note: planned inspections, deadlines and money that comes back later would move the default period beyond the data
*/
select max(happened.happened_on) as newest_day
from (
    select insp_date as happened_on from fct_inspection
    where insp_stas = '完成'
    union all
    select found_date from fct_finding
    union all
    select submit_date from fct_self_check
    union all
    select train_date from fct_training
    union all
    select decided_date from fct_handling
    union all
    select opened_date from fct_case
    union all
    select recv_date from fct_complaint
    union all
    select event_date from fct_credit_point
    union all
    select month_end from fct_fund_ledger
    union all
    select enddate from fct_benefit
    union all
    select last_date from _meta_tables
    where table_name in ('setl_d', 'doc_d')
) as happened
where happened.happened_on <= $load_date
