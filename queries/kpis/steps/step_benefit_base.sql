/*
One row per counted figure of the comparable base year that a span of the period is compared with.
*/
select
    span.measure,
    span.insutype,
    span.begndate as compared_begndate,
    base.begndate,
    base.enddate,
    base.category,
    base.fund_amt,
    base.person_times,
    span.base_year,
    span.base_reason
from (
    select distinct
        measure,
        insutype,
        begndate,
        base_begndate,
        base_enddate,
        base_year,
        base_reason
    from step_benefit_span
) as span
inner join step_benefit_counted as base
    on
        span.measure = base.measure
        and span.insutype = base.insutype
        and span.base_begndate = base.begndate
        and span.base_enddate = base.enddate
