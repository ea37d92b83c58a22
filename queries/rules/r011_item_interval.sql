/*
title: 诊疗项目限周期频次
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 明确违规
amount_method: M4
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {limit: 周期频次}
reach: {unit: ever}
evidence:
  found: 距上次天数(上次日期)
  limit: 最短间隔天数
not_a_violation: 病情急变需提前复查;上次结果因标本不合格作废
note: >
  同一人同一项目,跨就诊、跨机构;过早的一次全额计;同日多次见规则 12、25
owner: 基金监管科
reviewed: 2026-11-22
*/
with

limited as (

    select
        line.*,
        point.group_name,
        point.limit_num * case point.limit_unit when '周' then 7 when '月' then 30 when '年' then 365 else 1 end
            as limit_days
    from base_fee_line as line
    inner join base_limit as point
        on
            line.hilist_code = point.hilist_code
            and line.hilist_name = point.hilist_name
            and line.fee_day between point.valid_from and point.valid_to
    where
        point.limit_type = '周期频次'
        and point.limit_num > 0
    qualify row_number() over (partition by line.bkkp_sn order by point.limit_num desc) = 1

),

day_of_use as (

    select
        psn_no,
        group_name,
        fee_day,
        lag(fee_day) over (partition by psn_no, group_name order by fee_day) as previous_day
    from limited
    group by psn_no, group_name, fee_day

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.group_name as group_key,
    line.inscp_amt as line_amt,
    cast(day_of_use.previous_day as varchar) as found_text,
    cast(date_diff('day', day_of_use.previous_day, line.fee_day) as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(line.limit_days as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from limited as line
inner join day_of_use
    on
        line.psn_no = day_of_use.psn_no
        and line.group_name = day_of_use.group_name
        and line.fee_day = day_of_use.fee_day
where
    date_diff('day', day_of_use.previous_day, line.fee_day) < line.limit_days
    and line.setl_day between $period_start and $period_end
