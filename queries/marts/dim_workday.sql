/*
grain: one row per calendar day
key: [cal_date]
note: the official calendar with the bureau's own exceptions; workday_no counts working days up to and including the day, so that
  the n-th working day after a day is the working day whose workday_no is greater by n
*/
with

calendar_day as (

    select
        official.cal_date,
        coalesce(own.workday_flag, official.workday_flag) as workday_flag,
        coalesce(own.reason, official.reason) as reason,
        case when own.cal_date is null then '0' else '1' end as own_flag
    from reference.workday as official
    left join stg_workday as own
        on official.cal_date = own.cal_date and coalesce(own.vali_flag, '1') <> '0'

)

select
    cal_date,
    workday_flag,
    cast(
        sum(case when workday_flag = '1' then 1 else 0 end) over (order by cal_date rows unbounded preceding) as bigint
    ) as workday_no,
    reason,
    own_flag
from calendar_day
