/*
title: 药品限险种
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 明确违规
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {limit: 险种, kind: 药品}
evidence:
  found: 险种
  limit: 限定险种
not_a_violation: 工伤认定前由医保先行支付、认定后已退回
note: >
  本县数据没有工伤险种,限工伤的药品在任何结算中都命中
owner: 基金监管科
reviewed: 2026-11-22
*/
select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.hilist_code as group_key,
    line.inscp_amt as line_amt,
    line.insutype as found_text,
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
where
    point.limit_type = '险种'
    and line.item_kind = '药品'
    and line.setl_day between $period_start and $period_end
-- a line is lawful when one of the points in force allows it; what is unknown allows
qualify
    max(
        case
            when point.limit_value like '%工伤%' then 0
            when point.limit_value like '%生育%' then case when line.insutype = '510' or line.maternity = '1' then 1 else 0 end
            else 1
        end
    ) over (partition by line.bkkp_sn) = 0
    and row_number() over (partition by line.bkkp_sn order by point.limit_value) = 1
