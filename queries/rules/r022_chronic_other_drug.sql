/*
title: 慢特病病种外用药
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 可疑
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {code: 慢特病}
evidence:
  found: 药品
  limit: 病种
not_a_violation: "同一处方治疗并发症,且病种目录未及时更新"
note: >
  kb_code 中代码类别含“慢特病”:代码为病种编号,关联代码为可用药品的编码前缀;没有清单的病种不判断
owner: 基金监管科
reviewed: 2026-11-22
*/
with

allowed as (

    select
        code as dise_no,
        related_code,
        coalesce(efft_date, date '1900-01-01') as valid_from,
        coalesce(invd_date, date '9999-12-31') as valid_to
    from stg_kb_code
    where code_type like '%慢特病%' and related_code is not null

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
    line.hilist_name as found_text,
    cast(null as decimal(18, 4)) as found_num,
    line.dise_no as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from base_fee_line as line
inner join allowed
    on
        line.dise_no = allowed.dise_no
        and line.fee_day between allowed.valid_from and allowed.valid_to
where
    line.chronic = '1'
    and line.item_kind = '药品'
    and line.setl_day between $period_start and $period_end
-- only diseases with a list are judged; a drug outside every prefix of its list is a hit
qualify
    max(case when left(line.hilist_code, length(allowed.related_code)) = allowed.related_code then 1 else 0 end)
        over (partition by line.bkkp_sn)
    = 0
    and row_number() over (partition by line.bkkp_sn order by allowed.related_code) = 1
