/*
grain: one row per published total (合计 or 小计), span, insurance type and measure
note: >
  added is the sum of the parts printed for the same span and insurance type; of a 小计 it is taken only when $subtotal names it, then
  without the categories that $left_out names beside it. NULL: no part gives the measure, or what the 小计 covers is not on record.
  A difference is shown, never adjusted
*/
with

outside as (

    select
        unnest(cast($subtotal as varchar[])) as subtotal,
        unnest(cast($left_out as varchar[])) as category

),

figure as (

    select
        begndate,
        enddate,
        insutype,
        category,
        role,
        '基金支付' as measure,
        '元' as unit,
        cast(fund_amt as decimal(18, 2)) as amount
    from fct_benefit
    union all
    select
        begndate,
        enddate,
        insutype,
        category,
        role,
        '个人账户' as measure,
        '元' as unit,
        cast(acct_amt as decimal(18, 2)) as amount
    from fct_benefit
    union all
    select
        begndate,
        enddate,
        insutype,
        category,
        role,
        '医疗总费用' as measure,
        '元' as unit,
        cast(medfee_amt as decimal(18, 2)) as amount
    from fct_benefit
    union all
    select
        begndate,
        enddate,
        insutype,
        category,
        role,
        '人次' as measure,
        '人次' as unit,
        cast(person_times as decimal(18, 2)) as amount
    from fct_benefit

),

inside as (

    select * from figure
    where amount is not null and begndate >= $period_start and enddate <= $period_end

)

select
    printed.begndate,
    printed.enddate,
    printed.insutype,
    printed.category,
    printed.measure,
    printed.unit,
    printed.amount as printed,
    cast(sum(part.amount) as decimal(18, 2)) as added,
    cast(printed.amount - sum(part.amount) as decimal(18, 2)) as difference,
    cast(count(part.amount) as bigint) as part_cnt
from inside as printed
left join inside as part
    on
        printed.begndate = part.begndate
        and printed.enddate = part.enddate
        and printed.insutype = part.insutype
        and printed.measure = part.measure
        and part.role = '部分'
        and (
            printed.role = '合计'
            or (
                printed.category in (select outside.subtotal from outside)
                and not exists (
                    select 1 from outside
                    where outside.subtotal = printed.category and outside.category = part.category
                )
            )
        )
where printed.role in ('合计', '小计')
group by
    printed.begndate,
    printed.enddate,
    printed.insutype,
    printed.category,
    printed.role,
    printed.measure,
    printed.unit,
    printed.amount
order by abs(difference) desc nulls last, printed.insutype, printed.begndate asc, printed.enddate asc, printed.category asc, printed.measure asc
