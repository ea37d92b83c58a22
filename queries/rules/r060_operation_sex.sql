/*
title: 手术操作编码与性别不符
class: 管理类
basis: 医疗保障基金使用监督管理条例 第四十条第(二)项
level: 提示
amount_method: M0
lines: setl_list_oprn_d
needs:
  tables: [setl_d, setl_list_oprn_d]
evidence:
  found: 手术操作编码
  limit: 编码所属
not_a_violation: 登记性别有误;变性手术后
note: >
  ICD-9-CM-3 的65至75为女性,60至64为男性;性别未知不命中
owner: 基金监管科
reviewed: 2026-11-22
*/
with

operated as (

    select
        settlement.*,
        operation.setl_list_oprn_id,
        operation.oprn_oprt_code,
        left(operation.oprn_oprt_code, 2) as chapter
    from stg_setl_list_oprn_d as operation
    inner join base_settlement as settlement on operation.setl_id = settlement.setl_id

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_list_oprn_id as line_id,
    line.oprn_oprt_code as group_key,
    cast(null as decimal(16, 2)) as line_amt,
    line.oprn_oprt_code as found_text,
    cast(null as decimal(18, 4)) as found_num,
    case line.sex when '1' then '女性手术操作' else '男性手术操作' end as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from operated as line
where
    (
        (line.sex = '1' and line.chapter between '65' and '75')
        or (line.sex = '2' and line.chapter between '60' and '64')
    )
    and line.setl_day between $period_start and $period_end
