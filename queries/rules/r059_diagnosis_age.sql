/*
title: 诊断与年龄不符
class: 管理类
basis: 医疗保障基金使用监督管理条例 第四十条第(二)项
level: 提示
amount_method: M0
lines: setl_list_diag_d
needs:
  tables: [setl_d, setl_list_diag_d]
params:
  newborn_days:
    label: 围生期疾病最大日龄
    value: "28"
    unit: 天
    minimum: 1
    maximum: 365
    source: 本系统定义(新生儿不超过28天)
  pregnant_from:
    label: 妊娠最小周岁
    value: "10"
    unit: 岁
    minimum: 5
    maximum: 18
    source: 本系统定义
  pregnant_to:
    label: 妊娠最大周岁
    value: "60"
    unit: 岁
    minimum: 40
    maximum: 80
    source: 本系统定义
evidence:
  found: 诊断编码(周岁)
  limit: 诊断所属
not_a_violation: 起源于围生期的疾病在婴儿期继续治疗;出生日期登记有误
note: >
  年龄按就诊开始日;P00至P96超过28天,O编码不满10岁或超过60岁;只有周岁时满1岁才算超过28天
owner: 基金监管科
reviewed: 2026-11-22
*/
with

aged as (

    select
        settlement.*,
        diagnosis.setl_list_diag_id,
        diagnosis.diag_code,
        left(upper(diagnosis.diag_code), 3) as category,
        date_diff('day', settlement.brdy, settlement.begn_day) as begn_age_days,
        case
            when settlement.brdy is null then settlement.age
            else
                cast(year(settlement.begn_day) as bigint) - year(settlement.brdy)
                - case
                    when
                        month(settlement.begn_day) * 100 + day(settlement.begn_day)
                        < month(settlement.brdy) * 100 + day(settlement.brdy)
                        then 1
                    else 0
                end
        end as begn_age
    from stg_setl_list_diag_d as diagnosis
    inner join base_settlement as settlement on diagnosis.setl_id = settlement.setl_id
    where coalesce(diagnosis.diag_type, '1') = '1'

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_list_diag_id as line_id,
    line.diag_code as group_key,
    cast(null as decimal(16, 2)) as line_amt,
    line.diag_code as found_text,
    cast(line.begn_age as decimal(18, 4)) as found_num,
    case when line.category like 'P%' then '新生儿疾病' else '妊娠分娩' end as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from aged as line
where
    (
        (
            line.category between 'P00' and 'P96'
            and (line.begn_age_days > $newborn_days or (line.begn_age_days is null and line.begn_age >= 1))
        )
        or (
            line.category between 'O00' and 'O99'
            and (line.begn_age < $pregnant_from or line.begn_age > $pregnant_to)
        )
    )
    and line.setl_day between $period_start and $period_end
