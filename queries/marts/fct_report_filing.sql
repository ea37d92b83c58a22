/*
grain: one row per month and item, recorded or due
key: [month, item]
note: >
  a report nobody filed must count as late, so the missing rows of the six items are made: each month from the first filed
  month to 120 months after the last recorded one (far beyond any period asked for), due on the 10th of the next month
*/
with

item as (

    select listed.item from (values ('日常稽核'), ('基金结算审核'), ('自查自纠'), ('投诉举报'), ('专项检查'), ('委托检查')) as listed (item)

),

digit as (

    select listed.digit from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as listed (digit)

),

offset_month as (

    select hundreds.digit * 100 + tens.digit * 10 + ones.digit as months_after
    from digit as hundreds
    cross join digit as tens
    cross join digit as ones

),

recorded as (

    -- months counted from year 0, so that the next month is one more
    select
        cast(substring(month, 1, 4) as integer) * 12 + cast(substring(month, 6, 2) as integer) - 1 as month_number,
        filed_date
    from stg_report_filing

),

span as (

    select
        min(case when filed_date is not null then month_number end) as first_month,
        max(month_number) + 120 as last_month
    from recorded

),

due_month as (

    select
        span.first_month + offset_month.months_after as month_number,
        span.first_month + offset_month.months_after + 1 as next_month_number
    from span
    cross join offset_month
    where span.first_month + offset_month.months_after <= span.last_month

),

due as (

    select
        lpad(cast(month_number // 12 as varchar), 4, '0')
        || '-'
        || lpad(cast(month_number % 12 + 1 as varchar), 2, '0') as month,
        make_date(next_month_number // 12, next_month_number % 12 + 1, 10) as due_date
    from due_month

)

select
    month,
    item,
    due_date,
    filed_date,
    filer,
    1 as is_recorded
from stg_report_filing

union all

select
    due.month,
    item.item,
    due.due_date,
    cast(null as date) as filed_date,
    cast(null as varchar) as filer,
    0 as is_recorded
from due
cross join item
left join stg_report_filing as filing on due.month = filing.month and item.item = filing.item
where filing.month is null
