/*
title: 重复收费(互斥项目)
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 明确违规
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {pair: 重复收费}
reach: {days: 1}
evidence:
  found: 同时收取的主项
  limit: 时间窗口
  related: 主项的费用明细
not_a_violation: 主项内涵不含从项的地方价格项目;两次独立操作且病历有记录
note: >
  单日为同一人、同一机构、同一日;单次就诊为同一就诊;6小时为相距至多6小时;同一小时为同一钟点。金额为从项的政策范围内金额
owner: 基金监管科
reviewed: 2026-11-22
*/
with

billed_as as (

    select
        hilist_code,
        pair_code
    from base_pair_item
    where pair_type = '重复收费'

),

pair as (

    select
        item_code_a,
        item_code_b,
        window_name,
        valid_from,
        valid_to
    from base_pair
    where pair_type = '重复收费' and item_code_b is not null

),

touched as (

    select
        line.*,
        billed_as.pair_code,
        cast(date_diff('day', date '1970-01-01', cast(line.fee_ocur_time as date)) as bigint) * 86400
        + cast(substring(cast(line.fee_ocur_time as varchar), 12, 2) as bigint) * 3600
        + cast(substring(cast(line.fee_ocur_time as varchar), 15, 2) as bigint) * 60
        + cast(substring(cast(line.fee_ocur_time as varchar), 18, 2) as bigint) as fee_second
    from base_fee_line as line
    inner join billed_as on line.hilist_code = billed_as.hilist_code

),

main_line as (

    -- one row per place where A was billed: enough to know that it was, and when
    select
        psn_no,
        fixmedins_code,
        mdtrt_id,
        pair_code,
        fee_day,
        fee_second,
        min(bkkp_sn) as first_sn,
        max(bkkp_sn) as last_sn
    from touched
    group by psn_no, fixmedins_code, mdtrt_id, pair_code, fee_day, fee_second

),

dependent as (

    select
        touched.*,
        pair.item_code_a,
        pair.item_code_b,
        pair.window_name
    from touched
    inner join pair
        on
            touched.pair_code = pair.item_code_b
            and touched.fee_day between pair.valid_from and pair.valid_to
    where touched.setl_day between $period_start and $period_end

),

beside as (

    select
        dependent.*,
        main_line.first_sn
    from dependent
    inner join main_line
        on
            dependent.mdtrt_id = main_line.mdtrt_id
            and dependent.item_code_a = main_line.pair_code
    where
        dependent.window_name = '单次就诊'
        and (main_line.first_sn <> dependent.bkkp_sn or main_line.last_sn <> dependent.bkkp_sn)
    union all
    select
        dependent.*,
        main_line.first_sn
    from dependent
    inner join main_line
        on
            dependent.psn_no = main_line.psn_no
            and dependent.fixmedins_code = main_line.fixmedins_code
            and dependent.item_code_a = main_line.pair_code
            and dependent.fee_day = main_line.fee_day
    where
        dependent.window_name in ('单日', '同一小时')
        and (dependent.window_name = '单日' or dependent.fee_second // 3600 = main_line.fee_second // 3600)
        and (main_line.first_sn <> dependent.bkkp_sn or main_line.last_sn <> dependent.bkkp_sn)
    union all
    select
        dependent.*,
        main_line.first_sn
    from dependent
    inner join main_line
        on
            dependent.psn_no = main_line.psn_no
            and dependent.fixmedins_code = main_line.fixmedins_code
            and dependent.item_code_a = main_line.pair_code
    where
        dependent.window_name = '6小时'
        and abs(dependent.fee_second - main_line.fee_second) <= 21600
        and (main_line.first_sn <> dependent.bkkp_sn or main_line.last_sn <> dependent.bkkp_sn)

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
    cast(null as decimal(18, 4)) as found_num,
    line.window_name as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    line.first_sn as related_id
from beside as line
-- an item exclusive with itself: the first line is lawful
where line.item_code_a <> line.item_code_b or line.first_sn < line.bkkp_sn
qualify row_number() over (partition by line.bkkp_sn order by line.item_code_a, line.window_name, line.first_sn) = 1
