/*
title: 超标准收费(单价超限价)
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(三)项
level: 明确违规
amount_method: M5
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  partial:
    - {limit: 单价上限}
params:
  tolerance_factor:
    label: 容差倍数
    value: "1.001"
    unit: 倍
    minimum: 1
    maximum: 2
    source: 本系统定义(单价大于限价的 1.001 倍)
evidence:
  found: 单价
  limit: 限价
not_a_violation: 限价调整当日新旧价并存;特需服务已全自费
note: >
  限价取明细的定价上限金额与单价上限知识点中较低者;金额为超出单价乘数量,不超过政策范围内金额
owner: 基金监管科
reviewed: 2026-11-22
*/
with

local_limit as (

    select
        line.bkkp_sn,
        min(point.limit_num) as limit_num
    from base_fee_line as line
    inner join base_limit as point
        on
            line.hilist_code = point.hilist_code
            and line.hilist_name = point.hilist_name
            and line.fee_day between point.valid_from and point.valid_to
    where point.limit_type = '单价上限' and point.limit_num > 0
    group by line.bkkp_sn

),

priced as (

    select
        line.*,
        case
            -- 0 or blank: the platform gives no limit
            when coalesce(line.pric_uplmt_amt, 0) <= 0 then cast(local_limit.limit_num as decimal(16, 6))
            when local_limit.limit_num is null then line.pric_uplmt_amt
            else least(line.pric_uplmt_amt, cast(local_limit.limit_num as decimal(16, 6)))
        end as price_limit
    from base_fee_line as line
    left join local_limit on line.bkkp_sn = local_limit.bkkp_sn

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.hilist_code as group_key,
    cast(least(cast(cast(line.pric - line.price_limit as decimal(19, 6)) * line.cnt as decimal(28, 2)), line.inscp_amt) as decimal(16, 2)) as line_amt,
    line.hilist_name as found_text,
    cast(line.pric as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(line.price_limit as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from priced as line
where
    line.pric > line.price_limit * $tolerance_factor
    and line.setl_day between $period_start and $period_end
