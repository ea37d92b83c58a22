/*
grain: one row per campaign that ran on a day between $first_day and $last_day
note: >
  reported totals stand beside what the inspection ledger itself holds for the campaign: institutions with a completed inspection
  that names it, and the sum of the findings of these inspections; null where no inspection names the campaign
*/
with

named as (

    select
        inspection.campaign_id,
        count(distinct inspection.fixmedins_code) as ledger_cnt
    from fct_inspection as inspection
    where
        inspection.campaign_id is not null
        and inspection.insp_stas = '完成'
        and inspection.insp_date <= $last_day
    group by inspection.campaign_id

),

found as (

    select
        inspection.campaign_id,
        sum(finding.amt) as ledger_amt
    from fct_finding as finding
    inner join fct_inspection as inspection on finding.insp_id = inspection.insp_id
    where inspection.campaign_id is not null and inspection.insp_stas = '完成' and inspection.insp_date <= $last_day
    group by inspection.campaign_id

)

select
    campaign.campaign_id,
    campaign.campaign_name,
    campaign.begndate,
    campaign.enddate,
    campaign.depts,
    campaign.target_cnt,
    campaign.checked_cnt,
    campaign.talk_cnt,
    campaign.suspend_cnt,
    campaign.rectify_cnt,
    campaign.amt_found,
    campaign.amt_recovered,
    named.ledger_cnt,
    cast(found.ledger_amt as decimal(16, 2)) as ledger_amt
from fct_campaign as campaign
left join named on campaign.campaign_id = named.campaign_id
left join found on campaign.campaign_id = found.campaign_id
where campaign.begndate <= $last_day and coalesce(campaign.enddate, campaign.begndate) >= $first_day
order by campaign.begndate desc, campaign.campaign_id asc
