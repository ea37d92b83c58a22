/*
title: 分解住院
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(一)项
level: 可疑
amount_method: M6
lines: setl_d
needs:
  tables: [setl_d, mdtrt_d]
params:
  gap_days:
    label: 出院至再入院最多天数
    value: "15"
    unit: 天
    minimum: 0
    maximum: 90
    source: "本系统定义(同一人、同一机构、同类主诊断,出院当日至第15日再入院)"
reach: {days: 90}
evidence:
  found: 距上次出院天数(主诊断)
  limit: 天数上限
  related: 上次住院
not_a_violation: 病情反复确需再次住院;分次手术;计划再入院已备案
note: >
  同一人、同一机构、主诊断前三位相同;按床日付费(2105)、Z49、Z51、上次医嘱转院(离院方式2)除外;命中和金额在后一次住院
owner: 基金监管科
reviewed: 2026-11-22
*/
with

readmitted as (

    select
        later.mdtrt_id,
        earlier.mdtrt_id as earlier_id,
        later.main_diag_code,
        date_diff('day', earlier.end_day, later.begn_day) as gap_days,
        row_number() over (
            partition by later.mdtrt_id
            order by earlier.end_day desc, earlier.mdtrt_id asc
        ) as nearest
    from base_stay as later
    inner join base_stay as earlier
        on
            later.psn_no = earlier.psn_no
            and later.fixmedins_code = earlier.fixmedins_code
            and left(later.main_diag_code, 3) = left(earlier.main_diag_code, 3)
    where
        later.mdtrt_id <> earlier.mdtrt_id
        and date_diff('day', earlier.end_day, later.begn_day) between 0 and $gap_days
        -- two stays of one day: the one that began later
        and (
            earlier.begntime < later.begntime
            or (earlier.begntime = later.begntime and earlier.mdtrt_id < later.mdtrt_id)
        )
        -- paid by the bed day
        and later.med_type <> '2105'
        and earlier.med_type <> '2105'
        -- dialysis, chemotherapy and radiotherapy come back by plan
        and left(later.main_diag_code, 3) not in ('Z49', 'Z51')
        -- transferred on medical advice
        and coalesce(earlier.dscg_way, '') <> '2'

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_id as line_id,
    line.mdtrt_id as group_key,
    line.fund_pay_sumamt as line_amt,
    readmitted.main_diag_code as found_text,
    cast(readmitted.gap_days as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast($gap_days as decimal(18, 4)) as limit_num,
    readmitted.earlier_id as related_id
from base_settlement as line
inner join readmitted on line.mdtrt_id = readmitted.mdtrt_id
where
    readmitted.nearest = 1
    and line.setl_day between $period_start and $period_end
