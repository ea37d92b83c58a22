/*
grain: one row per hit, from the hit lines a build has just made
key: [hit_id]
note: >
  the leading line is the one with the greatest amount; the hit's evidence columns are that line's, the others stand in
  fct_rule_hit_line. The doctor is the one who ordered the leading fee line, else the visit's attending doctor
*/
with

ranked as (

    select
        line.*,
        row_number() over (
            partition by line.rule_id, line.setl_id
            order by coalesce(line.line_amt, 0) desc, coalesce(line.line_id, '') asc
        ) as place
    from new_hit_line as line

),

summed as (

    select
        rule_id,
        setl_id,
        cast(sum(line_amt) as decimal(16, 2)) as amount_at_issue,
        count(*) as line_cnt
    from new_hit_line
    group by rule_id, setl_id

),

leading_fee_line as (

    select distinct line_id
    from ranked
    where place = 1 and line_of = 'fee_list_d'

),

ordered_by as (

    select
        line.bkkp_sn,
        line.bilg_dr_code
    from stg_fee_list_d as line
    inner join leading_fee_line on line.bkkp_sn = leading_fee_line.line_id

)

select
    leading_line.rule_id || ':' || leading_line.setl_id as hit_id,
    leading_line.rule_id,
    leading_line.version,
    leading_line.params_hash,
    leading_line.ym,
    leading_line.setl_id,
    leading_line.mdtrt_id,
    leading_line.fixmedins_code,
    leading_line.psn_no,
    coalesce(ordered_by.bilg_dr_code, visit.chfpdr_code) as dr_code,
    settlement.insutype,
    settlement.med_type,
    leading_line.hit_date,
    summed.amount_at_issue,
    leading_line.level,
    summed.line_cnt,
    leading_line.line_of,
    leading_line.line_id,
    leading_line.found_text,
    leading_line.found_num,
    leading_line.limit_text,
    leading_line.limit_num,
    leading_line.related_id
from ranked as leading_line
inner join summed
    on
        leading_line.rule_id = summed.rule_id
        and leading_line.setl_id = summed.setl_id
inner join stg_setl_d as settlement on leading_line.setl_id = settlement.setl_id
left join stg_mdtrt_d as visit on leading_line.mdtrt_id = visit.mdtrt_id and visit.vali_flag = '1'
left join ordered_by on leading_line.line_id = ordered_by.bkkp_sn and leading_line.line_of = 'fee_list_d'
where leading_line.place = 1
