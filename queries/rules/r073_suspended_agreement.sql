/*
title: 中止、解除协议期间结算
class: 管理类
basis: 医疗保障基金使用监督管理条例 第三十八条第(六)项
level: 明确违规
amount_method: M6
lines: setl_d
needs:
  tables: [setl_d, fixmedins_cntr_reg_d]
evidence:
  found: 结算日期
  limit: 协议状态
  related: 协议
not_a_violation: 中止前已入院、按规定可继续结算的患者;急救抢救
note: >
  结算日在中止、解除、终止的起止日期内(含首末日),或在协议到期之后且没有其他有效协议;没有任何协议登记的机构不判断
owner: 基金监管科
reviewed: 2026-11-22
*/
with

agreement as (

    select
        cntr_id,
        fixmedins_code,
        cntr_stas,
        cast(efft_time as date) as efft_day,
        cast(invd_time as date) as invd_day,
        stas_begndate,
        -- a suspension without an end lasts as long as its agreement; a cancellation does not end
        coalesce(stas_enddate, case when cntr_stas = '2' then cast(invd_time as date) else date '9999-12-31' end)
            as stas_endday
    from stg_fixmedins_cntr_reg_d

),

judged as (

    select
        settlement.setl_id,
        agreement.cntr_id,
        agreement.cntr_stas,
        case
            when
                agreement.cntr_stas in ('2', '3', '4')
                and settlement.setl_day between agreement.stas_begndate and agreement.stas_endday
                then 1
            else 0
        end as is_stopped,
        case when settlement.setl_day between agreement.efft_day and agreement.invd_day then 1 else 0 end as is_in_term,
        case when settlement.setl_day > agreement.invd_day then 1 else 0 end as is_expired
    from base_settlement as settlement
    inner join agreement on settlement.fixmedins_code = agreement.fixmedins_code
    where settlement.setl_day between $period_start and $period_end

),

summed as (

    select
        setl_id,
        max(case when cntr_stas = '2' then is_stopped else 0 end) as is_suspended,
        max(case when is_stopped = 1 or is_expired = 1 then 1 else 0 end) as is_over,
        max(case when is_stopped = 0 and is_in_term = 1 then 1 else 0 end) as is_in_force,
        max(case when is_stopped = 1 or is_expired = 1 then cntr_id end) as cntr_id
    from judged
    group by setl_id

)

select
    line.setl_id,
    line.mdtrt_id,
    line.fixmedins_code,
    line.psn_no,
    line.setl_day as hit_date,
    line.setl_id as line_id,
    line.setl_id as group_key,
    line.fund_pay_sumamt as line_amt,
    cast(line.setl_day as varchar) as found_text,
    cast(null as decimal(18, 4)) as found_num,
    case when summed.is_suspended = 1 then '中止期间' else '解除、终止或到期后' end as limit_text,
    cast(null as decimal(18, 4)) as limit_num,
    summed.cntr_id as related_id
from base_settlement as line
inner join summed on line.setl_id = summed.setl_id
where
    -- another agreement in force makes an ended one harmless, but not a suspension
    (summed.is_suspended = 1 or (summed.is_over = 1 and summed.is_in_force = 0))
    and line.setl_day between $period_start and $period_end
