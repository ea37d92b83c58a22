/*
title: 重复开药
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(二)项
level: 可疑
amount_method: M4
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
params:
  used_pct:
    label: 上次药量应已用比例
    value: "80"
    unit: "%"
    minimum: 1
    maximum: 100
    source: 本系统定义
reach: {unit: ever}
evidence:
  found: 距上次开药天数(上次日期)
  limit: 上次供药天数
  related: 上次就诊
not_a_violation: 药品遗失、破损后补开;剂量调整后提前复诊
note: >
  同一人同一药品,门诊和购药,跨机构;上次供药未用到80%又开,后一次全额计
owner: 基金监管科
reviewed: 2026-11-22
*/
with

dispensed as (

    select
        psn_no,
        hilist_code,
        mdtrt_id,
        fee_day,
        max(prd_days) as supply_days
    from base_fee_line
    where
        item_kind = '药品'
        and (outpatient = '1' or pharmacy = '1')
        and prd_days > 0
    group by psn_no, hilist_code, mdtrt_id, fee_day

),

followed as (

    select
        dispensed.*,
        lag(dispensed.fee_day) over (partition by dispensed.psn_no, dispensed.hilist_code order by dispensed.fee_day, dispensed.mdtrt_id) as previous_day,
        lag(dispensed.supply_days) over (partition by dispensed.psn_no, dispensed.hilist_code order by dispensed.fee_day, dispensed.mdtrt_id) as previous_supply,
        lag(dispensed.mdtrt_id) over (partition by dispensed.psn_no, dispensed.hilist_code order by dispensed.fee_day, dispensed.mdtrt_id) as previous_visit
    from dispensed

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.hilist_code as group_key,
    line.inscp_amt as line_amt,
    cast(followed.previous_day as varchar) as found_text,
    cast(date_diff('day', followed.previous_day, line.fee_day) as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(followed.previous_supply as decimal(18, 4)) as limit_num,
    followed.previous_visit as related_id
from base_fee_line as line
inner join followed
    on
        line.psn_no = followed.psn_no
        and line.hilist_code = followed.hilist_code
        and line.mdtrt_id = followed.mdtrt_id
        and line.fee_day = followed.fee_day
where
    line.item_kind = '药品'
    and line.prd_days > 0
    and followed.previous_visit <> line.mdtrt_id
    and cast(date_diff('day', followed.previous_day, line.fee_day) as bigint) * 100 < followed.previous_supply * $used_pct
    and line.setl_day between $period_start and $period_end
