/*
grain: one row per finding
key: [finding_id]
same_rows_as: stg_finding
note: first_submit_date is the institution's first self-check submission in the calendar year of found_date (self_check_honesty)
*/
with

first_submission as (

    select
        fixmedins_code,
        year(submit_date) as submit_year,
        min(submit_date) as first_submit_date
    from stg_self_check
    where submit_date is not null
    group by fixmedins_code, year(submit_date)

)

select
    finding.finding_id,
    finding.insp_id,
    finding.case_id,
    finding.fixmedins_code,
    finding.found_date,
    finding.vola_nature,
    finding.amt,
    finding.notice_no,
    case when finding.notice_no is not null then 1 else 0 end as has_notice,
    inspection.insp_kind,
    inspection.insp_method,
    inspection.insp_date,
    first_submission.first_submit_date
from stg_finding as finding
left join stg_inspection as inspection on finding.insp_id = inspection.insp_id
left join first_submission
    on
        finding.fixmedins_code = first_submission.fixmedins_code
        and year(finding.found_date) = first_submission.submit_year
