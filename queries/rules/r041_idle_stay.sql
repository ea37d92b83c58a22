/*
title: 挂床住院
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(一)项
level: 可疑
amount_method: M6
lines: setl_d
needs:
  tables: [setl_d, fee_list_d, mdtrt_d]
params:
  min_nights:
    label: 最少住院夜数
    value: "3"
    unit: 夜
    minimum: 1
    maximum: 30
    source: 本系统定义
  idle_days:
    label: 无实际治疗的最少天数
    value: "2"
    unit: 天
    minimum: 1
    maximum: 30
    source: "广西定点协议文本(挂床住院:48小时内无实质治疗)"
reach: {days: 0}
evidence:
  found: 线索
  limit: 下限
not_a_violation: 请假离院已登记;长期康复、安宁疗护患者按周记账;家属代购药
note: >
  住院至少3夜,其中至少2日只有床位、诊查、护理费而无用药和诊疗项目;或住院期间(入院次日至出院前一日)本人另有门诊或购药结算
owner: 基金监管科
reviewed: 2026-11-22
*/
with

treated as (

    select
        mdtrt_id,
        count(
            distinct
            case
                when
                    coalesce(med_chrgitm_type, '') not in ('01', '02', '07')
                    and fee_day >= begn_day
                    and fee_day < end_day
                    then fee_day
            end
        ) as treated_days
    from base_fee_line
    where inpatient = '1'
    group by mdtrt_id

),

idle as (

    -- a stay without any fee line is one whose lines are not loaded
    select
        stay.mdtrt_id,
        '无用药和诊疗项目的天数' as reason,
        stay.nights - treated.treated_days as found_days
    from base_stay as stay
    inner join treated on stay.mdtrt_id = treated.mdtrt_id
    where
        stay.nights >= $min_nights
        and stay.nights - treated.treated_days >= $idle_days

),

elsewhere as (

    select
        stay.mdtrt_id,
        '住院期间门诊或购药次数' as reason,
        count(*) as found_days
    from base_stay as stay
    inner join base_settlement as visit on stay.psn_no = visit.psn_no
    where
        (visit.outpatient = '1' or visit.pharmacy = '1')
        and visit.begndate > stay.begn_day
        and visit.begndate < stay.end_day
    group by stay.mdtrt_id

),

suspected as (

    select
        mdtrt_id,
        reason,
        found_days
    from idle
    union all
    select
        mdtrt_id,
        reason,
        found_days
    from elsewhere

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
    suspected.reason as found_text,
    cast(suspected.found_days as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(case when suspected.reason like '无%' then cast($idle_days as decimal(18, 4)) else cast(1 as decimal(18, 4)) end as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from base_settlement as line
inner join suspected on line.mdtrt_id = suspected.mdtrt_id
where line.setl_day between $period_start and $period_end
qualify row_number() over (partition by line.setl_id order by suspected.reason) = 1
