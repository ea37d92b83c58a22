/*
grain: one row per campaign
key: [campaign_id]
same_rows_as: stg_campaign
*/
select
    campaign_id,
    campaign_name,
    begndate,
    enddate,
    coalesce(enddate, begndate) as counted_date,
    depts,
    target_cnt,
    checked_cnt,
    talk_cnt,
    suspend_cnt,
    rectify_cnt,
    amt_found,
    amt_recovered
from stg_campaign
