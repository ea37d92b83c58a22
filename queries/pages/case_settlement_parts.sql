/*
grain: one row per part of an amount of the settlement, with a row for the total and one for the difference
note: three equations; a blank part is 0. difference is total less parts, 0.00 when they agree
*/
with

settlement as materialized (

    select *
    from stg_setl_d
    where ym = $ym and fixmedins_code = $code and setl_id = $setl_id

),

part as (

    select
        1 as equation,
        listed.place,
        listed.label,
        coalesce(listed.amount, 0) as amount
    from settlement
    cross join (
        values
        (1, '符合政策范围金额', settlement.inscp_amt),
        (2, '先行自付金额', settlement.preselfpay_amt),
        (3, '全自费金额', settlement.fulamt_ownpay_amt),
        (4, '超限价自费费用', settlement.overlmt_selfpay)
    ) as listed (place, label, amount)

    union all

    select
        2 as equation,
        listed.place,
        listed.label,
        coalesce(listed.amount, 0) as amount
    from settlement
    cross join (
        values
        (1, '基本医疗保险统筹基金', settlement.hifp_pay),
        (2, '居民大病保险', settlement.hifmi_pay),
        (3, '职工大额补助', settlement.hifob_pay),
        (4, '公务员医疗补助', settlement.cvlserv_pay),
        (5, '医疗救助', settlement.maf_pay),
        (6, '其他基金', settlement.othfund_pay)
    ) as listed (place, label, amount)

    union all

    select
        3 as equation,
        listed.place,
        listed.label,
        coalesce(listed.amount, 0) as amount
    from settlement
    cross join (
        values
        (1, '基金支付总额', settlement.fund_pay_sumamt),
        (2, '个人账户支出', settlement.acct_pay),
        (3, '个人现金支出', settlement.cash_payamt)
    ) as listed (place, label, amount)

),

total as (

    select
        listed.equation,
        listed.label,
        listed.amount
    from settlement
    cross join (
        values
        (1, '医疗费总额', settlement.medfee_sumamt),
        (2, '基金支付总额', settlement.fund_pay_sumamt),
        (3, '医疗费总额', settlement.medfee_sumamt)
    ) as listed (equation, label, amount)

)

select
    equation,
    place,
    'part' as role,
    label,
    cast(amount as decimal(18, 2)) as amount
from part

union all

select
    equation,
    0 as place,
    'total' as role,
    label,
    cast(amount as decimal(18, 2)) as amount
from total

union all

select
    total.equation,
    9 as place,
    'difference' as role,
    '差额' as label,
    cast(max(total.amount) - sum(part.amount) as decimal(18, 2)) as amount
from total
inner join part on total.equation = part.equation
group by total.equation
order by equation, place
