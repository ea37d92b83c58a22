/*
grain: one row per inspection
key: [insp_id]
same_rows_as: stg_inspection
*/
with

finding_of_inspection as (

    select
        insp_id,
        count(*) as finding_cnt,
        sum(amt) as finding_amt,
        max(case when notice_no is not null then 1 else 0 end) as has_notice
    from stg_finding
    where insp_id is not null
    group by insp_id

)

select
    inspection.insp_id,
    inspection.fixmedins_code,
    inspection.insp_date,
    inspection.insp_kind,
    inspection.insp_method,
    inspection.campaign_id,
    coalesce(inspection.random_flag, '0') as random_flag,
    coalesce(inspection.cross_flag, '0') as cross_flag,
    coalesce(inspection.entrusted_flag, '0') as entrusted_flag,
    inspection.clue_id,
    inspection.record_no,
    inspection.inspectors,
    inspection.insp_stas,
    coalesce(inspection.vola_found_flag, '0') as vola_found_flag,
    case when inspection.record_no is not null then 1 else 0 end as has_record,
    coalesce(finding_of_inspection.has_notice, 0) as has_notice,
    coalesce(finding_of_inspection.finding_cnt, 0) as finding_cnt,
    cast(coalesce(finding_of_inspection.finding_amt, 0) as decimal(16, 2)) as finding_amt
from stg_inspection as inspection
left join finding_of_inspection on inspection.insp_id = finding_of_inspection.insp_id
