/*
title: 医师超工作量
class: 管理类
basis: 医疗保障基金使用监督管理条例 第四十条第(三)项
level: 提示
amount_method: M0
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
params:
  visits_a_day:
    label: 医师一日门诊人次上限
    value: "160"
    unit: 人次
    minimum: 10
    maximum: 1000
    source: 本系统定义(8小时、每人次3分钟)
reach: {days: 0, others: true}
evidence:
  found: 当日门诊人次(医师)
  limit: 人次上限
not_a_violation: 体检、预防接种等集中服务;多名医师共用一个工号(本身应整改)
note: >
  同一机构、同一开单医师、同一日的门诊就诊数;按小时计价项目的合计不用于判断,一名医师可以同时为多人开具
owner: 基金监管科
reviewed: 2026-11-22
*/
with

doctor_day as (

    select
        fixmedins_code,
        bilg_dr_code,
        fee_day,
        count(distinct mdtrt_id) as visit_cnt
    from base_fee_line
    where outpatient = '1' and bilg_dr_code is not null
    group by fixmedins_code, bilg_dr_code, fee_day

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.bilg_dr_code as group_key,
    cast(null as decimal(16, 2)) as line_amt,
    line.bilg_dr_code as found_text,
    cast(doctor_day.visit_cnt as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast($visits_a_day as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from base_fee_line as line
inner join doctor_day
    on
        line.fixmedins_code = doctor_day.fixmedins_code
        and line.bilg_dr_code = doctor_day.bilg_dr_code
        and line.fee_day = doctor_day.fee_day
where
    line.outpatient = '1'
    and doctor_day.visit_cnt > $visits_a_day
    and line.setl_day between $period_start and $period_end
