/*
title: 多机构取药
class: 管理类
basis: 医疗保障基金使用监督管理条例 第四十一条第(三)项
level: 可疑
amount_method: M0
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
params:
  institutions:
    label: 取药机构数
    value: "3"
    unit: 家
    minimum: 2
    maximum: 20
    source: 社保基金审计模型(多机构取药)
  units:
    label: 六个月数量上限
    value: "60"
    unit: 计价单位
    minimum: 1
    maximum: 10000
    source: 社保基金审计模型(多机构取药)
reach: {unit: half_year}
evidence:
  found: 半年内数量(机构数)
  limit: 数量上限
not_a_violation: "长期在外务工,各地分别取药;小规格药品数量自然偏大"
note: >
  同一人同一药品在一个自然半年(1至6月、7至12月)内至少3家机构且数量超过60
owner: 基金监管科
reviewed: 2026-11-22
*/
with

dispensed as (

    select
        line.*,
        year(line.fee_day) * 10 + case when month(line.fee_day) <= 6 then 1 else 2 end as half_year
    from base_fee_line as line
    where
        line.item_kind = '药品'
        and (line.outpatient = '1' or line.pharmacy = '1')

),

collected as (

    select
        psn_no,
        hilist_code,
        half_year,
        count(distinct fixmedins_code) as institutions,
        sum(cnt) as units
    from dispensed
    group by psn_no, hilist_code, half_year

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
    cast(collected.institutions as varchar) || ' 家机构' as found_text,
    cast(collected.units as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast($units as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from dispensed as line
inner join collected
    on
        line.psn_no = collected.psn_no
        and line.hilist_code = collected.hilist_code
        and line.half_year = collected.half_year
where
    collected.institutions >= $institutions
    and collected.units > $units
    and line.setl_day between $period_start and $period_end
