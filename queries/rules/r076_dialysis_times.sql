/*
title: 血透次数异常
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(二)项
level: 可疑
amount_method: M2
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
params:
  times_a_day:
    label: 一日次数上限
    value: "1"
    unit: 次
    minimum: 1
    maximum: 5
    source: 本系统定义
  times_a_month:
    label: 一月次数上限
    value: "14"
    unit: 次
    minimum: 1
    maximum: 62
    source: 本系统定义
reach: {unit: month}
evidence:
  found: 次数
  limit: 次数上限
not_a_violation: 急性肾损伤、中毒等需每日透析;首次透析诱导期
note: >
  名称含“血液透析”的诊疗项目,按人、跨机构合计;一日超过1次或一月超过14次,两者都超时取占比大的一个
owner: 基金监管科
reviewed: 2026-11-22
*/
with

dialysis as (

    select
        line.*,
        year(line.fee_day) * 100 + month(line.fee_day) as month_number
    from base_fee_line as line
    where line.item_kind = '项目' and line.hilist_name like '%血液透析%'

),

counted as (

    select
        dialysis.*,
        sum(dialysis.cnt) over (partition by dialysis.psn_no, dialysis.fee_day) as day_cnt,
        sum(dialysis.cnt) over (partition by dialysis.psn_no, dialysis.month_number) as month_cnt
    from dialysis

),

judged as (

    -- the larger share of the two decides: (day − 1) / day against (month − 14) / month
    select
        counted.*,
        case
            when counted.day_cnt > $times_a_day and counted.month_cnt > $times_a_month
                then case when counted.month_cnt * $times_a_day <= counted.day_cnt * $times_a_month then 1 else 0 end
            when counted.day_cnt > $times_a_day then 1
            else 0
        end as by_day
    from counted
    where counted.day_cnt > $times_a_day or counted.month_cnt > $times_a_month

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    case when line.by_day = 1 then cast(line.fee_day as varchar) else cast(line.month_number as varchar) end as group_key,
    line.inscp_amt as line_amt,
    case when line.by_day = 1 then '当日次数' else '当月次数' end as found_text,
    cast(case when line.by_day = 1 then line.day_cnt else line.month_cnt end as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(case when line.by_day = 1 then $times_a_day else $times_a_month end as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from judged as line
where line.setl_day between $period_start and $period_end
