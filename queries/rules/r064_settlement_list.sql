/*
title: 医保结算清单信息异常
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十九条第(三)项
level: 提示
amount_method: M0
lines: setl_d
needs:
  tables: [setl_d, mdtrt_d, setl_list_diag_d]
evidence:
  found: 问题
  limit: 检查
not_a_violation: 中途结算的清单随最后一次结算上传
note: >
  每张结算报第一个问题:主诊断、主手术操作个数,起止日期,与就诊记录的性别、人员、机构,出生日期;结算清单的其他栏目不在数据约定内
owner: 基金监管科
reviewed: 2026-11-22
*/
with

diagnosed as (

    select
        setl_id,
        sum(case when maindiag_flag = '1' and coalesce(diag_type, '1') = '1' then 1 else 0 end) as western_main_cnt,
        sum(case when maindiag_flag = '1' then 1 else 0 end) as main_cnt
    from stg_setl_list_diag_d
    group by setl_id

),

operated as (

    select
        setl_id,
        sum(case when main_oprn_flag = '1' then 1 else 0 end) as main_cnt
    from stg_setl_list_oprn_d
    group by setl_id

),

checked as (

    select
        settlement.*,
        case
            when settlement.inpatient = '1' and coalesce(diagnosed.main_cnt, 0) = 0 then '住院无主诊断'
            when diagnosed.western_main_cnt > 1 then '主诊断多于一个'
            when operated.main_cnt = 0 then '有手术操作而无主手术操作'
            when operated.main_cnt > 1 then '主手术操作多于一个'
            when settlement.enddate < settlement.begndate then '结束日期早于开始日期'
            when cast(settlement.endtime as date) < cast(settlement.begntime as date) then '出院早于入院'
            when settlement.setl_gend <> settlement.visit_gend then '结算与就诊性别不一致'
            when settlement.psn_no <> settlement.visit_psn_no then '结算与就诊人员不一致'
            when settlement.fixmedins_code <> settlement.visit_fixmedins_code then '结算与就诊机构不一致'
            when settlement.brdy > settlement.begn_day then '出生日期晚于就诊日期'
        end as fault
    from base_settlement as settlement
    left join diagnosed on settlement.setl_id = diagnosed.setl_id
    left join operated on settlement.setl_id = operated.setl_id

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_id as line_id,
    line.setl_id as group_key,
    cast(null as decimal(16, 2)) as line_amt,
    line.fault as found_text,
    cast(null as decimal(18, 4)) as found_num,
    '完整性、合理性、规范性' as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from checked as line
where
    line.fault is not null
    and line.setl_day between $period_start and $period_end
