/*
title: 结算明细信息异常
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十九条第(三)项
level: 提示
amount_method: M0
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
params:
  tolerance:
    label: 金额容差
    value: "0.05"
    unit: 元
    minimum: 0
    maximum: 10
    source: 本系统定义(容差0.05元)
evidence:
  found: 计算所得
  limit: 应等于
not_a_violation: 按比例折价的项目金额另计;明细尚未传全
note: >
  明细合计与医疗费总额、数量乘单价与明细金额相差超过0.05元,或负数量找不到原明细;没有任何明细的结算不判断合计
owner: 基金监管科
reviewed: 2026-11-22
*/
with

-- each step reads the fee lines by itself: rows that several steps share would be kept whole, tens of millions of them
total as (

    select
        setl_id,
        sum(det_item_fee_sumamt) as detail_amt
    from stg_fee_list_d
    where coalesce(vali_flag, '1') = '1' and setl_id is not null
    group by setl_id

),

taken_back as (

    select
        bkkp_sn,
        setl_id,
        init_feedetl_sn,
        cnt
    from stg_fee_list_d
    where coalesce(vali_flag, '1') = '1' and cnt < 0

),

original as (

    select line.bkkp_sn
    from stg_fee_list_d as line
    where
        coalesce(line.vali_flag, '1') = '1'
        and line.bkkp_sn in (
            select negative.init_feedetl_sn
            from stg_fee_list_d as negative
            where negative.cnt < 0
        )

),

fault as (

    select
        setl_id,
        bkkp_sn,
        '数量乘单价与金额不符' as fault,
        cast(cast(cnt as decimal(19, 4)) * pric as decimal(28, 4)) as found_num,
        cast(det_item_fee_sumamt as decimal(18, 4)) as limit_num
    from stg_fee_list_d
    where
        coalesce(vali_flag, '1') = '1'
        and abs(cast(cast(cnt as decimal(19, 4)) * pric as decimal(28, 4)) - det_item_fee_sumamt) > $tolerance
    union all
    select
        taken_back.setl_id,
        taken_back.bkkp_sn,
        '负数量无原明细' as fault,
        cast(taken_back.cnt as decimal(28, 4)) as found_num,
        cast(0 as decimal(18, 4)) as limit_num
    from taken_back
    left join original on taken_back.init_feedetl_sn = original.bkkp_sn
    where original.bkkp_sn is null
    union all
    select
        settlement.setl_id,
        cast(null as varchar) as bkkp_sn,
        '明细合计与医疗费总额不符' as fault,
        cast(total.detail_amt as decimal(28, 4)) as found_num,
        cast(settlement.medfee_sumamt as decimal(18, 4)) as limit_num
    from base_settlement as settlement
    inner join total on settlement.setl_id = total.setl_id
    where abs(total.detail_amt - settlement.medfee_sumamt) > $tolerance

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    fault.bkkp_sn as line_id,
    line.setl_id as group_key,
    cast(null as decimal(16, 2)) as line_amt,
    fault.fault as found_text,
    -- evidence has 14 digits before the point: what a slip of the pen makes larger is shown as the largest
    cast(greatest(least(fault.found_num, 99999999999999), -99999999999999) as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(fault.limit_num as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from fault
inner join base_settlement as line on fault.setl_id = line.setl_id
where line.setl_day between $period_start and $period_end
-- a line is named once, with its first fault
qualify row_number() over (partition by fault.setl_id, fault.bkkp_sn order by fault.fault) = 1
