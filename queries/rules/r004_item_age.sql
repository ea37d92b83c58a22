/*
title: 诊疗项目限年龄
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 明确违规
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d]
  knowledge:
    - {limit: 年龄, kind: 项目}
params:
  newborn_days:
    label: 新生儿最大日龄
    value: "28"
    unit: 天
    minimum: 1
    maximum: 60
    source: 本系统定义(知识点用语的含义)
  infant_years:
    label: 婴幼儿最大周岁
    value: "3"
    unit: 岁
    minimum: 1
    maximum: 10
    source: 本系统定义(知识点用语的含义)
  child_years:
    label: 儿童与成人的分界周岁
    value: "18"
    unit: 岁
    minimum: 10
    maximum: 20
    source: 本系统定义(知识点用语的含义)
  work_from:
    label: 法定就业年龄起点
    value: "16"
    unit: 岁
    minimum: 14
    maximum: 20
    source: 本系统定义(知识点用语的含义)
  work_to_male:
    label: 法定就业年龄终点(男)
    value: "60"
    unit: 岁
    minimum: 50
    maximum: 70
    source: 本系统定义(知识点用语的含义)
  work_to_female:
    label: 法定就业年龄终点(女)
    value: "55"
    unit: 岁
    minimum: 45
    maximum: 70
    source: 本系统定义(知识点用语的含义)
evidence:
  found: 费用当日周岁
  limit: 限定年龄
not_a_violation: 出生日期登记有误;新生儿出院后因同一疾病再次住院
note: >
  有出生日期按费用当日计算;只有周岁时,不满 1 岁不能判断是否新生儿,不命中
owner: 基金监管科
reviewed: 2026-11-22
*/
select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.bkkp_sn as line_id,
    line.hilist_code as group_key,
    line.inscp_amt as line_amt,
    cast(line.age as varchar) as found_text,
    cast(null as decimal(18, 4)) as found_num,
    point.limit_value as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from base_fee_line as line
inner join base_limit as point
    on
        line.hilist_code = point.hilist_code
        and line.hilist_name = point.hilist_name
        and line.fee_day between point.valid_from and point.valid_to
where
    point.limit_type = '年龄'
    and line.item_kind <> '药品'
    and line.setl_day between $period_start and $period_end
-- a line is lawful when one of the points in force allows it; what is unknown allows
qualify
    max(
        case
            when point.limit_value like '%新生儿%' and line.age_days is not null
                then case when line.age_days <= $newborn_days then 1 else 0 end
            when point.limit_value like '%新生儿%' then case when line.age >= 1 then 0 else 1 end
            when point.limit_value like '%婴幼儿%' then case when line.age > $infant_years then 0 else 1 end
            when point.limit_value like '%儿童%' then case when line.age >= $child_years then 0 else 1 end
            when point.limit_value like '%成人%' then case when line.age < $child_years then 0 else 1 end
            when point.limit_value like '%法定就业年龄%' and line.sex = '1'
                then case when line.age between $work_from and $work_to_male then 1 else 0 end
            when point.limit_value like '%法定就业年龄%' and line.sex = '2'
                then case when line.age between $work_from and $work_to_female then 1 else 0 end
            -- unknown sex hits nothing
            else 1
        end
    ) over (partition by line.bkkp_sn) = 0
    and row_number() over (partition by line.bkkp_sn order by point.limit_value) = 1
