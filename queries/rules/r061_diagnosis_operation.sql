/*
title: 诊断编码与手术操作编码不符
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(七)项
level: 提示
amount_method: M0
lines: setl_list_oprn_d
needs:
  tables: [setl_d, setl_list_diag_d, setl_list_oprn_d]
  knowledge:
    - {code: 手术, related: true}
evidence:
  found: 手术操作编码
  limit: 允许的诊断之一
  related: 诊断之一
not_a_violation: 诊断未录全;对照表未收录的新术式适应症
note: >
  kb_code 中代码类别含“手术”且有关联代码的:代码为手术操作编码,关联代码为允许的诊断编码前缀
owner: 基金监管科
reviewed: 2026-11-22
*/
with

allowed as (

    select
        upper(code) as oprn_code,
        upper(related_code) as diag_prefix,
        coalesce(efft_date, date '1900-01-01') as valid_from,
        coalesce(invd_date, date '9999-12-31') as valid_to
    from stg_kb_code
    where code_type like '%手术%' and related_code is not null

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    operation.setl_list_oprn_id as line_id,
    operation.oprn_oprt_code as group_key,
    cast(null as decimal(16, 2)) as line_amt,
    operation.oprn_oprt_code as found_text,
    cast(null as decimal(18, 4)) as found_num,
    allowed.diag_prefix as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    diagnosis.setl_list_diag_id as related_id
from base_settlement as line
inner join stg_setl_list_oprn_d as operation on line.setl_id = operation.setl_id
inner join allowed
    on
        upper(operation.oprn_oprt_code) = allowed.oprn_code
        and coalesce(operation.oprn_oprt_date, line.begn_day) between allowed.valid_from and allowed.valid_to
inner join stg_setl_list_diag_d as diagnosis on line.setl_id = diagnosis.setl_id
where line.setl_day between $period_start and $period_end
-- only operations with a list are judged; no diagnosis of the settlement is in it
qualify
    max(
        case
            when left(upper(diagnosis.diag_code), length(allowed.diag_prefix)) = allowed.diag_prefix then 1
            else 0
        end
    ) over (partition by operation.setl_list_oprn_id) = 0
    and row_number() over (
        partition by operation.setl_list_oprn_id
        order by allowed.diag_prefix, diagnosis.setl_list_diag_id
    ) = 1
