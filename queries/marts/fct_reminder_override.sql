/*
grain: one row per reminder not complied with (went on, or no answer) whose visit has a settlement in force
key: [warn_rslt_id]
note: >
  looked at = a suspicion of the same rule on a document of the same visit names its first reviewer. Not built by month: settlement,
  document and suspicion may lie in other months than the reminder
*/
with

override as (

    select
        warn_rslt_id,
        mdtrt_id,
        fixmedins_code,
        rule_id,
        rule_name,
        crte_time,
        warn_dspo_way,
        vola_amt
    from stg_bffact_warn_rslt_d
    where warn_dspo_way is null or warn_dspo_way = '1'

),

settled_visit as (

    -- the few overridden visits are looked up among the many settlements, not the other way round
    select distinct setl.mdtrt_id
    from stg_setl_d as setl
    inner join override on setl.mdtrt_id = override.mdtrt_id
    where setl.vali_flag = '1'

),

looked_at as (

    select
        doc.mdtrt_id,
        suspicion.rule_id,
        count(*) as suspt_cnt,
        min(suspicion.chktime) as first_chktime
    from stg_doc_suspt_d as suspicion
    inner join stg_doc_d as doc on suspicion.doc_id = doc.doc_id
    where suspicion.chker is not null
    group by doc.mdtrt_id, suspicion.rule_id

)

select
    override.warn_rslt_id,
    override.mdtrt_id,
    override.fixmedins_code,
    override.rule_id,
    override.rule_name,
    cast(override.crte_time as date) as crte_date,
    override.warn_dspo_way,
    override.vola_amt,
    case when looked_at.mdtrt_id is not null then 1 else 0 end as is_reviewed,
    coalesce(looked_at.suspt_cnt, 0) as suspt_cnt,
    cast(looked_at.first_chktime as date) as first_chk_date
from override
inner join settled_visit on override.mdtrt_id = settled_visit.mdtrt_id
left join looked_at on override.mdtrt_id = looked_at.mdtrt_id and override.rule_id = looked_at.rule_id
