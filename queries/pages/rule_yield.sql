/*
grain: one row per rule
key: [rule_id]
note: >
  hits of settlements in the period and what became of them. A platform suspicion belongs to a hit when its document is the hit's
  settlement and rule_map joins the two rules on the day of check-out, or a case_claim names settlement, suspicion and rule. A case claim
  belongs to a hit when it names the settlement and the rule (or one of the hit's suspicions). Amounts of review are the suspicions'
  own. What a finding or case recovered is the rule's only where all its claims are of this one rule; else it is in mixed_amt.
  Null, not 0: the rule never ran in the period; there is nothing that joins it with the platform (link_state) or with cases (case_state)
filters: a null list means all; true_ids and excluded_ids are the hits that a person confirmed or excluded
*/
with

hit as (

    select
        hit_id,
        rule_id,
        setl_id,
        amount_at_issue,
        list_contains(cast($true_ids as varchar[]), hit_id) as is_true,
        list_contains(cast($excluded_ids as varchar[]), hit_id) as is_excluded
    from step_rule_hit

),

-- a case claim carries our rule's number or the platform's
claim as (

    select
        link.link_id,
        link.setl_id,
        link.doc_suspt_id,
        link.case_id,
        link.finding_id,
        link.amt,
        coalesce(mapped.rule_id, link.rule_id) as rule_id
    from stg_case_claim as link
    left join stg_rule_map as mapped on link.rule_id = mapped.platform_rule_id

),

linked as (

    select
        hit.hit_id,
        suspicion.doc_suspt_id
    from hit
    inner join fct_suspicion as suspicion on hit.setl_id = suspicion.setl_id
    inner join stg_rule_map as mapped
        on
            suspicion.rule_id = mapped.platform_rule_id
            and hit.rule_id = mapped.rule_id
            and suspicion.checkout_date >= coalesce(mapped.efft_date, date '1900-01-01')
            and suspicion.checkout_date <= coalesce(mapped.invd_date, date '9999-12-31')
    union
    select
        hit.hit_id,
        claim.doc_suspt_id
    from hit
    inner join claim on hit.setl_id = claim.setl_id and hit.rule_id = claim.rule_id
    where claim.doc_suspt_id is not null

),

reviewed as (

    select
        linked.hit_id,
        max(case when suspicion.chk_vola_flag = '1' then 1 else 0 end) as is_reviewed,
        max(case when suspicion.appl_flag = '1' then 1 else 0 end) as is_appealed,
        max(
            case
                when
                    suspicion.appl_flag = '1'
                    and suspicion.finl_chktime is not null
                    and suspicion.finl_chk_vola_flag = '0'
                    then 1
                else 0
            end
        ) as is_overturned,
        max(case when suspicion.finl_chk_vola_flag = '1' then 1 else 0 end) as is_upheld,
        max(case when suspicion.det_flag = '1' then 1 else 0 end) as is_deducted
    from linked
    inner join stg_doc_suspt_d as suspicion on linked.doc_suspt_id = suspicion.doc_suspt_id
    group by linked.hit_id

),

-- amounts of suspicions, each once per rule however many of its hits it belongs to
suspicion_money as (

    select
        hit.rule_id,
        suspicion.doc_suspt_id,
        case when suspicion.chk_vola_flag = '1' then coalesce(suspicion.chk_vola_amt, 0) else 0 end as review_amt,
        case when suspicion.finl_chk_vola_flag = '1' then coalesce(suspicion.cnfm_vola_amt, 0) else 0 end as upheld_amt,
        case
            when suspicion.det_flag = '1' then coalesce(suspicion.vola_det_amt, 0) - coalesce(suspicion.rvis_amt, 0)
            else 0
        end as deducted_amt
    from linked
    inner join hit on linked.hit_id = hit.hit_id
    inner join stg_doc_suspt_d as suspicion on linked.doc_suspt_id = suspicion.doc_suspt_id
    group by all

),

rule_money as (

    select
        rule_id,
        sum(review_amt) as review_amt,
        sum(upheld_amt) as upheld_amt,
        sum(deducted_amt) as deducted_amt
    from suspicion_money
    group by rule_id

),

cased as (

    select
        hit.hit_id,
        hit.rule_id,
        claim.link_id,
        claim.amt,
        coalesce(claim.finding_id, claim.case_id) as group_id
    from hit
    inner join claim on hit.setl_id = claim.setl_id and hit.rule_id = claim.rule_id
    union
    select
        hit.hit_id,
        hit.rule_id,
        claim.link_id,
        claim.amt,
        coalesce(claim.finding_id, claim.case_id) as group_id
    from hit
    inner join linked on hit.hit_id = linked.hit_id
    inner join claim on hit.setl_id = claim.setl_id and linked.doc_suspt_id = claim.doc_suspt_id

),

case_claimed as (

    select distinct
        rule_id,
        link_id,
        amt
    from cased

),

-- every rule that a finding's (or case's) claims name; a claim without a rule is of another
group_rules as (

    select
        coalesce(finding_id, case_id) as group_id,
        count(distinct coalesce(rule_id, link_id)) as rule_cnt,
        bool_and(rule_id is not null) as is_named
    from claim
    group by coalesce(finding_id, case_id)

),

recovered as (

    select
        coalesce(finding_id, case_id) as group_id,
        sum(coalesce(amt_done, 0)) as done_amt
    from fct_handling
    where handle_type = '32'
    group by coalesce(finding_id, case_id)

),

rule_group as (

    select distinct
        cased.rule_id,
        cased.group_id,
        case when group_rules.rule_cnt = 1 and group_rules.is_named then 1 else 0 end as is_own
    from cased
    inner join group_rules on cased.group_id = group_rules.group_id

),

rule_recovered as (

    select
        rule_group.rule_id,
        sum(case when rule_group.is_own = 1 then coalesce(recovered.done_amt, 0) else 0 end) as recovered_amt,
        sum(case when rule_group.is_own = 0 then coalesce(recovered.done_amt, 0) else 0 end) as mixed_amt
    from rule_group
    left join recovered on rule_group.group_id = recovered.group_id
    group by rule_group.rule_id

),

case_hit as (

    select
        rule_id,
        count(distinct hit_id) as case_cnt
    from cased
    group by rule_id

),

case_money as (

    select
        case_claimed.rule_id,
        case_hit.case_cnt,
        sum(case_claimed.amt) as case_amt
    from case_claimed
    inner join case_hit on case_claimed.rule_id = case_hit.rule_id
    group by case_claimed.rule_id, case_hit.case_cnt

),

counted as (

    select
        hit.rule_id,
        count(*) as hit_cnt,
        sum(hit.amount_at_issue) as amount_at_issue,
        count(*) filter (where hit.is_true) as true_cnt,
        sum(hit.amount_at_issue) filter (where hit.is_true) as true_amt,
        count(*) filter (where hit.is_excluded) as excluded_cnt,
        count(reviewed.hit_id) as linked_cnt,
        count(*) filter (where reviewed.is_reviewed = 1) as reviewed_cnt,
        count(*) filter (where reviewed.is_appealed = 1) as appealed_cnt,
        count(*) filter (where reviewed.is_overturned = 1) as overturned_cnt,
        count(*) filter (where reviewed.is_upheld = 1) as upheld_cnt,
        count(*) filter (where reviewed.is_deducted = 1) as deducted_cnt,
        count(*) filter (where hit.is_true or reviewed.is_reviewed = 1) as confirmed_cnt
    from hit
    left join reviewed on hit.hit_id = reviewed.hit_id
    group by hit.rule_id

),

ran as (

    select
        rule_id,
        count(*) as month_cnt
    from fct_rule_month
    where
        status = '已运行'
        and ym between left(cast($first_day as varchar), 7) and left(cast($last_day as varchar), 7)
    group by rule_id

),

suspicion_rows as (

    select count(*) as suspicion_cnt
    from stg_doc_suspt_d

),

loaded as (

    select
        suspicion_rows.suspicion_cnt,
        count(link.link_id) as claim_cnt
    from suspicion_rows
    left join stg_case_claim as link on true
    group by suspicion_rows.suspicion_cnt

),

mapped_rule as (

    select rule_id
    from stg_rule_map
    union
    select rule_id
    from claim
    where doc_suspt_id is not null

),

cased_rule as (

    select rule_id
    from claim
    union
    select rule_id
    from cased

),

state as (

    select
        rule.rule_id,
        rule.title,
        rule.level,
        rule.version,
        rule.missing,
        case when ran.rule_id is null and rule.status = '已运行' then '期内无数据' else rule.status end as status,
        case
            when loaded.suspicion_cnt = 0 then '缺少表'
            when mapped_rule.rule_id is null then '未关联'
            else '已关联'
        end as link_state,
        case
            when loaded.claim_cnt = 0 then '缺少表'
            when cased_rule.rule_id is null then '未关联'
            else '已关联'
        end as case_state,
        ran.rule_id is not null as has_run,
        ran.rule_id is not null and rule.amount_method <> 'M0' as has_amount
    from dim_rule as rule
    cross join loaded
    left join ran on rule.rule_id = ran.rule_id
    left join mapped_rule on rule.rule_id = mapped_rule.rule_id
    left join cased_rule on rule.rule_id = cased_rule.rule_id

),

standing as (

    select
        state.*,
        state.has_run and state.link_state = '已关联' as is_linked,
        state.has_run and state.case_state = '已关联' as is_cased
    from state

)

select
    standing.rule_id,
    standing.title,
    standing.level,
    standing.version,
    standing.status,
    standing.missing,
    standing.link_state,
    standing.case_state,
    case when standing.has_run then coalesce(counted.hit_cnt, 0) end as hit_cnt,
    cast(case when standing.has_amount then coalesce(counted.amount_at_issue, 0) end as decimal(18, 2)) as hit_amt,
    case when standing.has_run then coalesce(counted.true_cnt, 0) end as true_cnt,
    cast(case when standing.has_amount then coalesce(counted.true_amt, 0) end as decimal(18, 2)) as true_amt,
    case when standing.has_run then coalesce(counted.excluded_cnt, 0) end as excluded_cnt,
    case when standing.has_run then coalesce(counted.confirmed_cnt, 0) end as confirmed_cnt,
    case when standing.is_linked then coalesce(counted.linked_cnt, 0) end as linked_cnt,
    case when standing.is_linked then coalesce(counted.reviewed_cnt, 0) end as reviewed_cnt,
    cast(case when standing.is_linked then coalesce(rule_money.review_amt, 0) end as decimal(18, 2)) as review_amt,
    case when standing.is_linked then coalesce(counted.appealed_cnt, 0) end as appealed_cnt,
    case when standing.is_linked then coalesce(counted.overturned_cnt, 0) end as overturned_cnt,
    case when standing.is_linked then coalesce(counted.upheld_cnt, 0) end as upheld_cnt,
    cast(case when standing.is_linked then coalesce(rule_money.upheld_amt, 0) end as decimal(18, 2)) as upheld_amt,
    case when standing.is_linked then coalesce(counted.deducted_cnt, 0) end as deducted_cnt,
    cast(case when standing.is_linked then coalesce(rule_money.deducted_amt, 0) end as decimal(18, 2)) as deducted_amt,
    case when standing.is_cased then coalesce(case_money.case_cnt, 0) end as case_cnt,
    cast(case when standing.is_cased then coalesce(case_money.case_amt, 0) end as decimal(18, 2)) as case_amt,
    cast(case when standing.is_cased then coalesce(rule_recovered.recovered_amt, 0) end as decimal(18, 2)) as recovered_amt,
    cast(case when standing.is_cased then coalesce(rule_recovered.mixed_amt, 0) end as decimal(18, 2)) as mixed_amt
from standing
left join counted on standing.rule_id = counted.rule_id
left join rule_money on standing.rule_id = rule_money.rule_id
left join case_money on standing.rule_id = case_money.rule_id
left join rule_recovered on standing.rule_id = rule_recovered.rule_id
order by standing.rule_id
