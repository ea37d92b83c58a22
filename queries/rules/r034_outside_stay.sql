/*
title: 费用日期在住院区间外
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 可疑
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d, mdtrt_d]
evidence:
  found: 费用日期
  limit: 住院区间
not_a_violation: 急诊留观费用按政策并入住院;出院后补记账
note: >
  按日比较:入院日和出院日当天都在区间内
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
    cast(line.fee_day as varchar) as found_text,
    cast(null as decimal(18, 4)) as found_num,
    cast(line.begn_day as varchar) || ' 至 ' || coalesce(cast(line.end_day as varchar), '未出院') as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from base_fee_line as line
where
    line.inpatient = '1'
    and (line.fee_day < line.begn_day or line.fee_day > line.end_day)
    and line.setl_day between $period_start and $period_end
