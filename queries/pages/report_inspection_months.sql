/*
grain: one row per item of the six-item report and month of the inspections completed between $first_day and $last_day
note: items as in report_inspections
*/
select
    case
        when campaign_id is not null then '专项检查'
        when entrusted_flag = '1' then '委托检查'
        else '日常稽核'
    end as item,
    strftime(insp_date, '%Y-%m') as month,
    count(*) as inspection_cnt
from fct_inspection
where insp_stas = '完成' and insp_date between $first_day and $last_day
group by all
order by item, month
