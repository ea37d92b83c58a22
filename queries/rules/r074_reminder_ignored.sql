/*
title: 事前未遵从仍结算
class: 管理类
basis: null
level: 可疑
amount_method: M1
lines: bffact_warn_rslt_d
needs:
  tables: [setl_d, bffact_warn_rslt_d]
evidence:
  found: 处理方式
  limit: 提醒规则
not_a_violation: "提醒有误,已写明合理理由;已改用自费"
note: >
  处理方式为继续执行或未反馈,且该就诊有有效结算;金额为提醒涉及金额,记在该就诊最后一张结算上;提醒不含项目编码,是否仍计入该项目由人工核对
owner: 基金监管科
reviewed: 2026-11-22
*/
with

last_settlement as (

    select
        base_settlement.*,
        row_number() over (partition by base_settlement.mdtrt_id order by base_settlement.setl_time desc, base_settlement.setl_id desc) as recency
    from base_settlement

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    reminder.warn_rslt_id as line_id,
    reminder.rule_id as group_key,
    coalesce(reminder.vola_amt, 0) as line_amt,
    case reminder.warn_dspo_way when '1' then '继续执行' else '未反馈' end as found_text,
    cast(null as decimal(18, 4)) as found_num,
    reminder.rule_name as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from stg_bffact_warn_rslt_d as reminder
inner join last_settlement as line on reminder.mdtrt_id = line.mdtrt_id
where
    line.recency = 1
    and coalesce(reminder.warn_dspo_way, '1') = '1'
    and line.setl_day between $period_start and $period_end
