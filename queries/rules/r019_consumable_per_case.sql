/*
title: 耗材限量
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 可疑
amount_method: M2
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {limit: 每日数量, unit: [例, 就诊, 住院]}
evidence:
  found: 本次就诊数量
  limit: 每例上限
not_a_violation: "多部位手术,病历有记录"
note: >
  知识点单位为例、次就诊或住院的耗材;适用项目的对照没有知识点类型,不在本规则内
owner: 基金监管科
reviewed: 2026-11-22
*/
with

limited as (

    select
        line.*,
        point.limit_num as case_limit
    from base_fee_line as line
    inner join base_limit as point
        on
            line.hilist_code = point.hilist_code
            and line.hilist_name = point.hilist_name
            and line.fee_day between point.valid_from and point.valid_to
    where
        point.limit_type = '每日数量'
        and point.limit_num > 0
        and line.item_kind = '耗材'
        and (
            point.limit_unit like '%例%'
            or point.limit_unit like '%就诊%'
            or point.limit_unit like '%住院%'
        )
    qualify row_number() over (partition by line.bkkp_sn order by point.limit_num) = 1

),

counted as (

    select
        limited.*,
        sum(limited.cnt) over (partition by limited.mdtrt_id, limited.hilist_code) as visit_cnt
    from limited

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
    line.hilist_name as found_text,
    cast(line.visit_cnt as decimal(18, 4)) as found_num,
    cast(null as varchar) as limit_text,
    cast(line.case_limit as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from counted as line
where
    line.visit_cnt > line.case_limit
    and line.setl_day between $period_start and $period_end
