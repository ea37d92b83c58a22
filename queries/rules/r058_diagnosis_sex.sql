/*
title: 诊断与性别不符
class: 管理类
basis: 医疗保障基金使用监督管理条例 第四十条第(二)项
level: 提示
amount_method: M0
lines: setl_list_diag_d
needs:
  tables: [setl_d, setl_list_diag_d]
evidence:
  found: 诊断编码
  limit: 诊断所属
not_a_violation: 登记性别有误;变性手术后
note: >
  女性:N70至N98、O、C51至C58;男性:N40至N51、C60至C63;性别未知不命中;中医诊断不判断
owner: 基金监管科
reviewed: 2026-11-22
*/
with

diagnosed as (

    select
        settlement.*,
        diagnosis.setl_list_diag_id,
        diagnosis.diag_code,
        left(upper(diagnosis.diag_code), 3) as category
    from stg_setl_list_diag_d as diagnosis
    inner join base_settlement as settlement on diagnosis.setl_id = settlement.setl_id
    where
        coalesce(diagnosis.diag_type, '1') = '1'
        and settlement.sex in ('1', '2')

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
    cast(null as decimal(18, 4)) as found_num,
    case line.sex when '1' then '女性疾病' else '男性疾病' end as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from diagnosed as line
where
    (
        (
            line.sex = '1'
            and (
                line.category between 'N70' and 'N98'
                or line.category between 'O00' and 'O99'
                or line.category between 'C51' and 'C58'
            )
        )
        or (
            line.sex = '2'
            and (line.category between 'N40' and 'N51' or line.category between 'C60' and 'C63')
        )
    )
    and line.setl_day between $period_start and $period_end
