/*
title: 分解收费(组套拆分)
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 可疑
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {pair: 组套分解}
params:
  min_parts:
    label: 最少组成项目数
    value: "2"
    unit: 项
    minimum: 2
    maximum: 20
    source: 本系统定义(拆分至少两项)
reach: {days: 0}
evidence:
  found: 同日收取的组成项目数(组套编码)
  limit: 最少项数
not_a_violation: "确实只做其中几项,组套项目不适用"
note: >
  同一人、同一机构、同一日,同一组套的不同组成项目至少两项
owner: 基金监管科
reviewed: 2026-11-22
*/
with

billed_as as (

    select
        hilist_code,
        pair_code
    from base_pair_item
    where pair_type = '组套分解'

),

pair as (

    select
        item_code_a,
        item_code_b,
        valid_from,
        valid_to
    from base_pair
    where pair_type = '组套分解' and item_code_b is not null

),

part as (

    select
        line.*,
        pair.item_code_a,
        pair.item_code_b,
        dense_rank() over (
            partition by line.psn_no, line.fixmedins_code, line.fee_day, pair.item_code_a
            order by pair.item_code_b
        ) as part_number
    from base_fee_line as line
    inner join billed_as on line.hilist_code = billed_as.hilist_code
    inner join pair
        on
            billed_as.pair_code = pair.item_code_b
            and line.fee_day between pair.valid_from and pair.valid_to

),

counted as (

    select
        part.*,
        max(part.part_number) over (partition by part.psn_no, part.fixmedins_code, part.fee_day, part.item_code_a) as part_cnt
    from part

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
    line.item_code_a as found_text,
    cast(line.part_cnt as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast($min_parts as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from counted as line
where
    line.part_cnt >= $min_parts
    and line.setl_day between $period_start and $period_end
qualify row_number() over (partition by line.bkkp_sn order by line.part_cnt desc, line.item_code_a asc) = 1
