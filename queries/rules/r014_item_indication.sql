/*
title: 诊疗项目限适应症
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 可疑
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d, setl_list_diag_d]
  knowledge:
    - {limit: 适应症, kind: 项目}
evidence:
  found: 诊断之一
  limit: 要求的诊断之一
not_a_violation: 诊断未录全;病历中有适应症依据而清单未填
note: >
  限定内容为诊断编码前缀,一行一个,多行任一符合即可;没有任何诊断的结算不判断
owner: 基金监管科
reviewed: 2026-11-22
*/
with

diagnosis as (

    select
        setl_id,
        upper(diag_code) as diag_code
    from stg_setl_list_diag_d
    where diag_code is not null
    union
    select
        setl_id,
        upper(dscg_maindiag_code) as diag_code
    from base_settlement
    where dscg_maindiag_code is not null

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
    diagnosis.diag_code as found_text,
    cast(null as decimal(18, 4)) as found_num,
    point.limit_value as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from base_fee_line as line
inner join base_limit as point
    on
        line.hilist_code = point.hilist_code
        and line.hilist_name = point.hilist_name
        and line.fee_day between point.valid_from and point.valid_to
-- a settlement without any diagnosis cannot be judged
inner join diagnosis on line.setl_id = diagnosis.setl_id
where
    point.limit_type = '适应症'
    -- a limit in words is for a person to judge; only code prefixes are compared
    and upper(left(point.limit_value, 1)) between 'A' and 'Z'
    and substring(point.limit_value, 2, 1) between '0' and '9'
    and line.item_kind <> '药品'
    and line.setl_day between $period_start and $period_end
qualify
    max(
        case
            when left(diagnosis.diag_code, length(point.limit_value)) = upper(point.limit_value) then 1
            else 0
        end
    ) over (partition by line.bkkp_sn) = 0
    and row_number() over (partition by line.bkkp_sn order by point.limit_value, diagnosis.diag_code) = 1
