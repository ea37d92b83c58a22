/*
grain: >
  one row per origin of recoveries (type 32): of cases on the list, of other cases, of findings whose case is not named in the
  handling, and without any case; decided in the period (is_counted = 1: the rows of KPI recovery_rate) or, for cases on the
  list, at another time or under an institution that the filters leave out (is_counted = 0)
filters: a null list means all
*/
with

recovery as (

    select
        coalesce(handling.amt_due, 0) as amt_due,
        coalesce(handling.amt_done, 0) as amt_done,
        case
            when clue_case.case_id is not null then 'listed'
            when handling.case_id is not null then 'other_case'
            when finding.case_id is not null then 'finding_case'
            else 'no_case'
        end as origin,
        case
            when
                handling.decided_date between $first_day and $last_day
                and ($fixmedins_type is null or list_contains($fixmedins_type, institution.fixmedins_type))
                and ($level_class is null or list_contains($level_class, institution.level_class))
                and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
                and ($town_code is null or list_contains($town_code, institution.town_code))
                then 1
            else 0
        end as is_counted
    from fct_handling as handling
    left join step_case as clue_case on handling.case_id = clue_case.case_id
    left join fct_finding as finding on handling.finding_id = finding.finding_id
    left join dim_institution as institution on handling.fixmedins_code = institution.fixmedins_code
    where handling.handle_type = '32'

)

select
    origin,
    is_counted,
    count(*) as recovery_cnt,
    cast(sum(amt_due) as decimal(18, 2)) as due_amt,
    cast(sum(amt_done) as decimal(18, 2)) as done_amt,
    cast(sum(amt_due) - sum(amt_done) as decimal(18, 2)) as balance_amt
from recovery
where is_counted = 1 or origin = 'listed'
group by origin, is_counted
order by is_counted desc, origin asc
