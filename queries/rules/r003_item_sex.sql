/*
title: 诊疗项目限性别
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 明确违规
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {limit: 性别, kind: 项目}
evidence:
  found: 就诊人性别
  limit: 限定性别
not_a_violation: 登记性别有误;为配偶检查而误记在本人名下
note: >
  性别未知(0、9、空白或结算与就诊不一致)不命中
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
    case line.sex when '1' then '男' else '女' end as found_text,
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
    point.limit_type = '性别'
    and line.item_kind <> '药品'
    and line.setl_day between $period_start and $period_end
-- a line is lawful when one of the points in force allows it; what is unknown allows
qualify
    max(
        case
            when line.sex is null or line.sex not in ('1', '2') then 1
            when point.limit_value in ('男', '1') and line.sex = '2' then 0
            when point.limit_value in ('女', '2') and line.sex = '1' then 0
            else 1
        end
    ) over (partition by line.bkkp_sn) = 0
    and row_number() over (partition by line.bkkp_sn order by point.limit_value) = 1
