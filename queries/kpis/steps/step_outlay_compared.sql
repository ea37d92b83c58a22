/*
One row per insurance type and whole month of the period, with the month of the comparable base year it is compared with:
last year, unless base_year names another.
*/
with

whole_month as (

    select
        cast(begun.month_begn as date) as month_begn,
        cast(year(begun.month_begn) as integer) as year
    from generate_series(cast($period_start as timestamp), cast($period_end as timestamp), interval 1 day) as begun (month_begn)
    where day(begun.month_begn) = 1 and last_day(begun.month_begn) <= $period_end

),

fund as (

    select distinct insutype
    from fct_fund_ledger

)

select
    fund.insutype,
    strftime(whole_month.month_begn, '%Y-%m') as month,
    coalesce(chosen.base_year, whole_month.year - 1) as base_year,
    chosen.reason as base_reason,
    strftime(
        make_date(coalesce(chosen.base_year, whole_month.year - 1), month(whole_month.month_begn), 1), '%Y-%m'
    ) as base_month
from whole_month
cross join fund
left join fct_base_year as chosen
    on fund.insutype = chosen.insutype and whole_month.year = chosen.year
