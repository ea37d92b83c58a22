/*
title: 住院期间门诊或购药
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(一)项
level: 可疑
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, mdtrt_d]
reach: {days: 0}
evidence:
  found: 发生的费用
  limit: 住院区间
  related: 住院
not_a_violation: 家属代购慢性病药;住院机构无该检查而外送;请假离院期间就医
note: >
  入院次日至出院前一日;入院当日和出院当日除外
owner: 基金监管科
reviewed: 2026-11-22
*/
with

visit as (

    -- a settlement without fee lines counts as one line on its first day
    select
        settlement.setl_id,
        settlement.mdtrt_id,
        settlement.fixmedins_code,
        settlement.psn_no,
        settlement.setl_day,
        settlement.pharmacy,
        line.bkkp_sn,
        coalesce(line.hilist_code, '') as hilist_code,
        case when line.bkkp_sn is null then settlement.setl_inscp_amt else line.inscp_amt end as inscp_amt,
        coalesce(line.fee_day, settlement.begndate) as visit_day
    from base_settlement as settlement
    left join base_fee_line as line on settlement.setl_id = line.setl_id
    where
        (settlement.outpatient = '1' or settlement.pharmacy = '1')
        and settlement.setl_day between $period_start and $period_end

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
    case when line.pharmacy = '1' then '购药' else '门诊' end || ' ' || cast(line.visit_day as varchar) as found_text,
    cast(null as decimal(18, 4)) as found_num,
    cast(stay.begn_day as varchar) || ' 至 ' || cast(stay.end_day as varchar) as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    stay.mdtrt_id as related_id
from visit as line
inner join base_stay as stay on line.psn_no = stay.psn_no
where
    line.visit_day > stay.begn_day
    and line.visit_day < stay.end_day
qualify row_number() over (partition by line.setl_id, line.bkkp_sn order by stay.mdtrt_id) = 1
