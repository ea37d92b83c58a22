/*
title: 折扣项目未折价
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 可疑
amount_method: M3
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {pair: 主次操作, related: true}
reach: {days: 0}
evidence:
  found: 数量
  limit: 应为折扣比例整倍数的数量
  related: 主项的费用明细
not_a_violation: 单价已按折价录入、数量按整数计
note: >
  知识点成对(项目A、项目B、折价比例):同一人、同一机构、同一日有A时,B的数量应为比例的整倍数,超出部分按数量比例计金额
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

pair as (

    select
        item_code_a,
        item_code_b,
        valid_from,
        valid_to,
        cast(ratio as decimal(9, 4)) as ratio
    from base_pair
    where pair_type = '主次操作' and item_code_b is not null and ratio > 0

),

touched as (

    select
        line.*,
        billed_as.pair_code
    from base_fee_line as line
    inner join billed_as on line.hilist_code = billed_as.hilist_code

),

main_line as (

    select
        psn_no,
        fixmedins_code,
        fee_day,
        pair_code,
        min(bkkp_sn) as main_sn
    from touched
    group by psn_no, fixmedins_code, fee_day, pair_code

),

beside as (

    select
        touched.*,
        pair.item_code_a,
        pair.ratio,
        main_line.main_sn
    from touched
    inner join pair
        on
            touched.pair_code = pair.item_code_b
            and touched.fee_day between pair.valid_from and pair.valid_to
    inner join main_line
        on
            touched.psn_no = main_line.psn_no
            and touched.fixmedins_code = main_line.fixmedins_code
            and touched.fee_day = main_line.fee_day
            and pair.item_code_a = main_line.pair_code

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
    line.item_code_a as limit_text,
    cast(line.cnt - line.cnt % line.ratio as decimal(18, 4)) as limit_num,
    line.main_sn as related_id
from beside as line
where
    line.cnt % line.ratio <> 0
    and line.setl_day between $period_start and $period_end
qualify row_number() over (partition by line.bkkp_sn order by line.item_code_a) = 1
