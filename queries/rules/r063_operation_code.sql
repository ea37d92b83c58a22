/*
title: 手术操作编码异常
class: 管理类
basis: null
source_status: 未核实
level: 提示
amount_method: M0
lines: setl_list_oprn_d
needs:
  tables: [setl_d, setl_list_oprn_d]
  partial:
    - {code: 手术}
evidence:
  found: 手术操作编码
  limit: 问题
not_a_violation: 历史编码在版本切换期内上传;不同日期的同一操作不算重复
note: >
  医保版编码:两位数字、点、两位或四位数字,可再带x和三位数字;不分大小写;同一结算、同一日期的相同编码从第二条起命中;代码表(kb_code 代码类别含“手术”且无关联代码)载入后才判断是否收录
owner: 基金监管科
reviewed: 2026-11-22
*/
with

member as (

    select
        upper(code) as code,
        min(coalesce(efft_date, date '1900-01-01')) as valid_from,
        max(coalesce(invd_date, date '9999-12-31')) as valid_to
    from stg_kb_code
    where code_type like '%手术%' and related_code is null
    group by upper(code)

),

loaded as (

    select count(*) as code_cnt
    from member

),

coded as (

    select
        settlement.*,
        operation.setl_list_oprn_id,
        operation.oprn_oprt_date,
        upper(operation.oprn_oprt_code) as code,
        row_number() over (
            partition by operation.setl_id, upper(operation.oprn_oprt_code), operation.oprn_oprt_date
            order by operation.setl_list_oprn_id
        ) as repetition
    from stg_setl_list_oprn_d as operation
    inner join base_settlement as settlement on operation.setl_id = settlement.setl_id

),

judged as (

    select
        coded.*,
        case
            when coalesce(coded.code, '') = '' then '空白'
            when
                not (
                    length(coded.code) in (5, 7, 11)
                    and substring(coded.code, 1, 1) between '0' and '9'
                    and substring(coded.code, 2, 1) between '0' and '9'
                    and substring(coded.code, 3, 1) = '.'
                    and substring(coded.code, 4, 1) between '0' and '9'
                    and substring(coded.code, 5, 1) between '0' and '9'
                    and (
                        length(coded.code) = 5
                        or (
                            substring(coded.code, 6, 1) between '0' and '9'
                            and substring(coded.code, 7, 1) between '0' and '9'
                        )
                    )
                    and (
                        length(coded.code) < 11
                        or (
                            substring(coded.code, 8, 1) = 'X'
                            and substring(coded.code, 9, 1) between '0' and '9'
                            and substring(coded.code, 10, 1) between '0' and '9'
                            and substring(coded.code, 11, 1) between '0' and '9'
                        )
                    )
                )
                then '格式不符'
            when coded.repetition > 1 then '重复'
            when loaded.code_cnt > 0 and member.code is null then '不在代码表'
        end as fault
    from coded
    cross join loaded
    left join member
        on
            coded.code = member.code
            and coalesce(coded.oprn_oprt_date, coded.begn_day) between member.valid_from and member.valid_to

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_list_oprn_id as line_id,
    coalesce(line.code, '') as group_key,
    cast(null as decimal(16, 2)) as line_amt,
    line.code as found_text,
    cast(null as decimal(18, 4)) as found_num,
    line.fault as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    cast(null as varchar) as related_id
from judged as line
where
    line.fault is not null
    and line.setl_day between $period_start and $period_end
