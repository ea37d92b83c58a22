/*
grain: >
  one row per item of the six-item report and method of the inspections completed between $first_day and $last_day; method null is
  the item's total, item null the total of all
note: >
  each inspection belongs to one item: one that names a campaign to 专项检查, any other that the county bureau entrusted to 委托检查, the
  rest to 日常稽核, so that the items add up to all completed inspections (denominator of problem_found_rate)
*/
with

counted as (

    select
        case
            when campaign_id is not null then '专项检查'
            when entrusted_flag = '1' then '委托检查'
            else '日常稽核'
        end as item,
        insp_method,
        fixmedins_code,
        insp_kind,
        entrusted_flag,
        vola_found_flag,
        finding_amt
    from fct_inspection
    where insp_stas = '完成' and insp_date between $first_day and $last_day

)

select
    item,
    insp_method,
    count(*) as inspection_cnt,
    count(distinct fixmedins_code) as institution_cnt,
    count(*) filter (where insp_kind = '行政检查') as administrative_cnt,
    count(*) filter (where entrusted_flag = '1') as entrusted_cnt,
    count(*) filter (where vola_found_flag = '1') as found_cnt,
    cast(sum(finding_amt) as decimal(18, 2)) as finding_amt
from counted
group by grouping sets ((item, insp_method), (item), ())
order by item asc nulls first, inspection_cnt desc, insp_method asc nulls first
