/*
title: 频繁购药
class: 管理类
basis: 医疗保障基金使用监督管理条例 第四十一条
level: 提示
amount_method: M0
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
params:
  drug_times_a_month:
    label: 一个月购买同一药品次数上限
    value: "4"
    unit: 次
    minimum: 1
    maximum: 31
    source: 本系统定义(每周一次以上)
  pharmacies_a_day:
    label: 一日购药药店家数
    value: "3"
    unit: 家
    minimum: 2
    maximum: 20
    source: 本系统定义
reach: {unit: month}
evidence:
  found: 次数或家数
  limit: 次数上限或家数
not_a_violation: 小包装药品按疗程分次购买;缺货后到别家补齐
note: >
  同一人同一药品一个自然月超过4次,或一日到3家及以上药店
owner: 基金监管科
reviewed: 2026-11-22
*/
with

bought as (

    select
        line.*,
        year(line.fee_day) * 100 + month(line.fee_day) as month_number
    from base_fee_line as line
    where line.pharmacy = '1' and line.item_kind = '药品'

),

drug_month as (

    select
        psn_no,
        hilist_code,
        month_number,
        count(distinct mdtrt_id) as times
    from bought
    group by psn_no, hilist_code, month_number

),

pharmacy_day as (

    select
        psn_no,
        fee_day,
        count(distinct fixmedins_code) as pharmacies
    from bought
    group by psn_no, fee_day

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.hilist_code as group_key,
    cast(null as decimal(16, 2)) as line_amt,
    case when drug_month.times > $drug_times_a_month then '当月同药次数' else '当日药店家数' end as found_text,
    cast(case when drug_month.times > $drug_times_a_month then drug_month.times else pharmacy_day.pharmacies end as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(case when drug_month.times > $drug_times_a_month then $drug_times_a_month else $pharmacies_a_day end as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from bought as line
inner join drug_month
    on
        line.psn_no = drug_month.psn_no
        and line.hilist_code = drug_month.hilist_code
        and line.month_number = drug_month.month_number
inner join pharmacy_day
    on
        line.psn_no = pharmacy_day.psn_no
        and line.fee_day = pharmacy_day.fee_day
where
    (drug_month.times > $drug_times_a_month or pharmacy_day.pharmacies >= $pharmacies_a_day)
    and line.setl_day between $period_start and $period_end
