/*
title: 短时跨机构刷卡
class: 管理类
basis: 医疗保障基金使用监督管理条例 第四十条第(一)项
level: 可疑
amount_method: M6
lines: setl_d
needs:
  tables: [setl_d]
params:
  minutes:
    label: 间隔分钟数上限
    value: "30"
    unit: 分钟
    minimum: 1
    maximum: 600
    source: 社保基金审计模型(短时跨机构刷卡)
reach: {days: 1}
evidence:
  found: 间隔分钟
  limit: 分钟上限
  related: 前一张结算
not_a_violation: 医院旁药店随即购药;机构夜间批量补结算
note: >
  同一人在两家机构结算,相距不超过30分钟,命中和金额在后一张;结算时间恰为零点的视为没有时刻,不判断
owner: 基金监管科
reviewed: 2026-11-22
*/
with

swiped as (

    select
        setl_id,
        psn_no,
        fixmedins_code,
        setl_day,
        cast(substring(cast(setl_time as varchar), 12, 2) as bigint) * 3600
        + cast(substring(cast(setl_time as varchar), 15, 2) as bigint) * 60
        + cast(substring(cast(setl_time as varchar), 18, 2) as bigint) as day_second
    from base_settlement

),

near as (

    select
        later.setl_id,
        earlier.setl_id as earlier_id,
        cast(date_diff('day', earlier.setl_day, later.setl_day) as bigint) * 86400
        + later.day_second - earlier.day_second as apart_seconds
    from swiped as later
    inner join swiped as earlier on later.psn_no = earlier.psn_no
    where
        later.fixmedins_code <> earlier.fixmedins_code
        and date_diff('day', earlier.setl_day, later.setl_day) between 0 and 1
        -- midnight to the second: the export has no time of day
        and later.day_second > 0
        and earlier.day_second > 0

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_id as line_id,
    line.setl_id as group_key,
    line.fund_pay_sumamt as line_amt,
    cast(null as varchar) as found_text,
    cast(near.apart_seconds // 60 as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast($minutes as decimal(18, 4)) as limit_num,
    near.earlier_id as related_id
from base_settlement as line
inner join near on line.setl_id = near.setl_id
where
    near.apart_seconds between 0 and $minutes * 60
    and (near.apart_seconds > 0 or near.earlier_id < near.setl_id)
    and line.setl_day between $period_start and $period_end
qualify row_number() over (partition by line.setl_id order by near.apart_seconds, near.earlier_id) = 1
