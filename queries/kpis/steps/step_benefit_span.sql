/*
One row per counted figure of the period: spans wholly inside it that no longer counted span of the same insutype and
measure contains (a quarter is not added to its half-year). Spans that overlap in part are marked: they cannot be added.
base_begndate and base_enddate are the same days in the comparable base year; the end of a month stays the end of a month.
*/
with

inside as (

    select * from step_benefit_counted
    where begndate >= $period_start and enddate <= $period_end

),

span as (

    select distinct
        measure,
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
            wider.measure = span.measure
            and wider.insutype = span.insutype
            and wider.begndate <= span.begndate
            and wider.enddate >= span.enddate
            and (wider.begndate < span.begndate or wider.enddate > span.enddate)
    )

),

based as (

    select
        longest.*,
        coalesce(chosen.base_year, year(longest.enddate) - 1) as base_year,
        chosen.reason as base_reason,
        (
            select count(*) from longest as other
            where
                other.measure = longest.measure
                and other.insutype = longest.insutype
                and other.begndate <= longest.enddate
                and other.enddate >= longest.begndate
                and (other.begndate <> longest.begndate or other.enddate <> longest.enddate)
        ) > 0 as is_overlapping
    from longest
    left join fct_base_year as chosen
        on longest.insutype = chosen.insutype and year(longest.enddate) = chosen.year

),

shifted as (

    select
        *,
        cast(begndate + to_years(cast(base_year - year(enddate) as integer)) as date) as base_begndate,
        cast(enddate + to_years(cast(base_year - year(enddate) as integer)) as date) as same_enddate
    from based

)

select
    inside.measure,
    inside.insutype,
    inside.begndate,
    inside.enddate,
    inside.category,
    inside.fund_amt,
    inside.person_times,
    shifted.base_year,
    shifted.base_reason,
    shifted.is_overlapping,
    shifted.base_begndate,
    case when shifted.enddate = last_day(shifted.enddate) then last_day(shifted.same_enddate) else shifted.same_enddate end
        as base_enddate
from inside
inner join shifted
    on
        inside.measure = shifted.measure
        and inside.insutype = shifted.insutype
        and inside.begndate = shifted.begndate
        and inside.enddate = shifted.enddate
