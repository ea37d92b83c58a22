/*
title: 诊疗项目限机构级别
class: 政策类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 明确违规
amount_method: M1
lines: fee_list_d
needs:
  tables: [setl_d, fee_list_d, fixmedins_b]
  knowledge:
    - {limit: 机构等级, kind: 项目}
evidence:
  found: 机构等级
  limit: 最低等级
not_a_violation: 上级医院医师多点执业并已备案
note: >
  三级高于二级高于一级高于未定级;机构不在定点名册的不判断
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
    line.level_class as found_text,
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
    point.limit_type = '机构等级'
    and line.item_kind <> '药品'
    and line.setl_day between $period_start and $period_end
-- a line is lawful when one of the points in force allows it; what is unknown allows
qualify
    max(
        case
            when line.level_rank is null then 1
            when point.limit_value like '%三级%' then case when line.level_rank < 3 then 0 else 1 end
            when point.limit_value like '%二级%' then case when line.level_rank < 2 then 0 else 1 end
            when point.limit_value like '%一级%' then case when line.level_rank < 1 then 0 else 1 end
            else 1
        end
    ) over (partition by line.bkkp_sn) = 0
    and row_number() over (partition by line.bkkp_sn order by point.limit_value) = 1
