/*
title: 目录外(丙类)纳入结算
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 明确违规
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
evidence:
  found: 收费项目等级
  limit: 支付范围
not_a_violation: 目录调整过渡期内等级未同步;可报丙类(04)不在此列
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
    line.chrgitm_lv as found_text,
    cast(null as decimal(18, 4)) as found_num,
    '丙类不属支付范围' as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from base_fee_line as line
where
    line.chrgitm_lv = '03'
    and line.inscp_amt > 0
    and line.setl_day between $period_start and $period_end
