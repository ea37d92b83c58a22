/*
grain: one row per insurance type and published category
note: >
  spans wholly inside the period that no longer span of the same insurance type contains, as in the KPI benefit_amount; spans that
  overlap in part are marked and must not be read as a sum
*/
with

inside as (

    select * from fct_benefit
    where begndate >= $period_start and enddate <= $period_end and role <> '比例'

),

span as (

    select distinct
        insutype,
        begndate,
        enddate
    from inside

),

longest as (

    select * from span
    where not exists (
        select 1 from span as wider
        where
            wider.insutype = span.insutype
            and wider.begndate <= span.begndate
            and wider.enddate >= span.enddate
            and (wider.begndate < span.begndate or wider.enddate > span.enddate)
    )

),

marked as (

    select
        *,
        exists(
            select 1 from longest as other
            where
                other.insutype = longest.insutype
                and other.begndate <= longest.enddate
                and other.enddate >= longest.begndate
                and (other.begndate <> longest.begndate or other.enddate <> longest.enddate)
        ) as is_overlapping
    from longest

)

select
    inside.insutype,
    inside.category,
    inside.role,
    cast(sum(inside.person_times) as bigint) as person_times,
    cast(sum(inside.fund_amt) as decimal(18, 2)) as fund_amt,
    cast(sum(inside.acct_amt) as decimal(18, 2)) as acct_amt,
    cast(sum(inside.medfee_amt) as decimal(18, 2)) as medfee_amt,
    min(inside.begndate) as begndate,
    max(inside.enddate) as enddate,
    cast(count(*) as bigint) as span_cnt,
    bool_or(marked.is_overlapping) as is_overlapping
from inside
inner join marked
    on
        inside.insutype = marked.insutype
        and inside.begndate = marked.begndate
        and inside.enddate = marked.enddate
group by inside.insutype, inside.category, inside.role
order by
    inside.insutype asc,
    case inside.role when '部分' then 0 when '小计' then 1 else 2 end,
    fund_amt desc nulls last,
    inside.category asc
