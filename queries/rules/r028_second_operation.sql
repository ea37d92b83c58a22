/*
title: 主次手术未折价
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 可疑
amount_method: M3
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {pair: 主次操作, related: false}
params:
  ratio:
    label: 次要手术计价比例
    value: "0.5"
    unit: 倍
    minimum: 0
    maximum: 1
    source: 同一切口第二及以后手术减半(两库知识点第二批)
  tolerance:
    label: 金额容差
    value: "0.05"
    unit: 元
    minimum: 0
    maximum: 10
    source: 本系统定义
reach: {days: 0}
evidence:
  found: 数量
  limit: 应计数量(折价后)
  related: 主手术的费用明细
not_a_violation: 不同切口、不同部位的手术;单价已按折价录入
note: >
  同一人、同一机构、同一日、同一手术组内单价最高者为主手术,其他项目为次要手术;数量带小数或金额已折减的不命中;金额为未折减部分
owner: 基金监管科
reviewed: 2026-11-22
*/
with

billed_as as (

    select
        hilist_code,
        pair_code
    from base_pair_item
    where pair_type = '主次操作'

),

operation as (

    select
        line.*,
        pair.group_name as operation_group,
        cast(coalesce(pair.ratio, $ratio) as decimal(9, 4)) as ratio
    from base_fee_line as line
    inner join billed_as on line.hilist_code = billed_as.hilist_code
    inner join base_pair as pair
        on
            billed_as.pair_code = pair.item_code_a
            and line.fee_day between pair.valid_from and pair.valid_to
    where pair.pair_type = '主次操作' and pair.item_code_b is null
    qualify row_number() over (partition by line.bkkp_sn, pair.group_name order by pair.ratio) = 1

),

ranked as (

    select
        operation.*,
        -- the dearest operation of the day is the main one, whatever its number of lines
        dense_rank() over (
            partition by operation.psn_no, operation.fixmedins_code, operation.fee_day, operation.operation_group
            order by operation.pric desc, operation.hilist_code asc
        ) as price_rank,
        row_number() over (
            partition by operation.psn_no, operation.fixmedins_code, operation.fee_day, operation.operation_group
            order by operation.pric desc, operation.hilist_code asc, operation.bkkp_sn asc
        ) as line_rank
    from operation

),

beside as (

    select
        ranked.*,
        max(case when ranked.line_rank = 1 then ranked.hilist_code end)
            over (partition by ranked.psn_no, ranked.fixmedins_code, ranked.fee_day, ranked.operation_group) as main_code,
        max(case when ranked.line_rank = 1 then ranked.bkkp_sn end)
            over (partition by ranked.psn_no, ranked.fixmedins_code, ranked.fee_day, ranked.operation_group) as main_sn
    from ranked

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.bkkp_sn as group_key,
    line.inscp_amt as line_amt,
    line.hilist_name as found_text,
    cast(line.cnt as decimal(18, 4)) as found_num,
    line.operation_group as limit_text,
    cast(cast(line.cnt as decimal(19, 4)) * line.ratio as decimal(18, 4)) as limit_num,
    line.main_sn as related_id
from beside as line
where
    line.hilist_code <> line.main_code
    -- a fraction in the quantity, or a reduced amount, is the discount
    and line.cnt % 1 = 0
    and line.det_item_fee_sumamt
    > cast(
        cast(cast(line.pric as decimal(19, 6)) * line.cnt as decimal(24, 8))
        * cast(least(line.ratio, 999999) as decimal(10, 4))
        as decimal(30, 2)
    )
    + $tolerance
    and line.setl_day between $period_start and $period_end
qualify row_number() over (partition by line.bkkp_sn order by line.operation_group) = 1
