/*
title: 药品限就医方式
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 明确违规
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {limit: 就医方式, kind: 药品}
evidence:
  found: 就医方式
  limit: 限定就医方式
not_a_violation: "急诊留观转住院,门诊阶段的费用并入住院结算;双通道药店按门诊待遇结算"
note: >
  急诊属门诊,日间属住院;医疗类别未归类的不判断
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
    case when line.inpatient = '1' then '住院' when line.outpatient = '1' then '门诊' else '购药' end as found_text,
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
    point.limit_type = '就医方式'
    and line.item_kind = '药品'
    and line.setl_day between $period_start and $period_end
-- a line is lawful when one of the points in force allows it; what is unknown allows
qualify
    max(
        case
            when line.inpatient = '0' and line.outpatient = '0' and line.pharmacy = '0' then 1
            when
                (point.limit_value like '%住院%' or point.limit_value like '%日间%') and line.inpatient = '1'
                then 1
            when
                (point.limit_value like '%门诊%' or point.limit_value like '%急诊%') and line.outpatient = '1'
                then 1
            when
                point.limit_value like '%住院%' or point.limit_value like '%日间%'
                or point.limit_value like '%门诊%' or point.limit_value like '%急诊%'
                then 0
            else 1
        end
    ) over (partition by line.bkkp_sn) = 0
    and row_number() over (partition by line.bkkp_sn order by point.limit_value) = 1
