/*
One row per published figure that counts, for each measure (fund_amt, person_times): the 合计 of a span, or its parts
where no 合计 gives the measure.
*/
select
    'fund_amt' as measure,
    insutype,
    begndate,
    enddate,
    category,
    fund_amt,
    person_times
from fct_benefit
where is_amt_counted = 1 and fund_amt is not null

union all

select
    'person_times' as measure,
    insutype,
    begndate,
    enddate,
    category,
    fund_amt,
    person_times
from fct_benefit
where is_times_counted = 1 and person_times is not null
