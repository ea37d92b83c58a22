/*
title: 疾病诊断编码异常
class: 管理类
basis: null
source_status: 未核实
level: 提示
amount_method: M0
lines: setl_list_diag_d
needs:
  tables: [setl_d, setl_list_diag_d]
  partial:
    - {code: 诊断}
evidence:
  found: 诊断编码
  limit: 问题
not_a_violation: 历史编码在版本切换期内上传
note: >
  医保版编码:字母加两位数字,可带点和三位、再带x或+和三位数字;不分大小写;重复的从第二条起命中;代码表(kb_code 代码类别含“诊断”)载入后才判断是否收录;中医诊断不判断
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
    where code_type like '%诊断%' and code_type not like '%手术%' and related_code is null
    group by upper(code)

),

loaded as (

    select count(*) as code_cnt
    from member

),

coded as (

    select
        settlement.*,
        diagnosis.setl_list_diag_id,
        upper(diagnosis.diag_code) as code,
        row_number() over (
            partition by diagnosis.setl_id, upper(diagnosis.diag_code)
            order by diagnosis.setl_list_diag_id
        ) as repetition
    from stg_setl_list_diag_d as diagnosis
    inner join base_settlement as settlement on diagnosis.setl_id = settlement.setl_id
    where coalesce(diagnosis.diag_type, '1') = '1'

),

judged as (

    select
        coded.*,
        case
            when coalesce(coded.code, '') = '' then '空白'
            when
                not (
                    length(coded.code) in (3, 7, 11)
                    and substring(coded.code, 1, 1) between 'A' and 'Z'
                    and substring(coded.code, 2, 1) between '0' and '9'
                    and substring(coded.code, 3, 1) between '0' and '9'
                    and (
                        length(coded.code) = 3
                        or (
                            substring(coded.code, 4, 1) = '.'
                            and (
                                substring(coded.code, 5, 1) between '0' and '9'
                                or substring(coded.code, 5, 1) = 'X'
                            )
                            and substring(coded.code, 6, 1) between '0' and '9'
                            and substring(coded.code, 7, 1) between '0' and '9'
                        )
                    )
                    and (
                        length(coded.code) < 11
                        or (
                            substring(coded.code, 8, 1) in ('X', '+')
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
            and coded.begn_day between member.valid_from and member.valid_to

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_list_diag_id as line_id,
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
