/*
grain: one row per equation that the parts of a settlement should satisfy
note: rows where a part is missing are not compared; a difference of up to 0.05 yuan is rounding
*/
with

compared as (

    select
        medfee_sumamt - (fund_pay_sumamt + psn_pay) as fee_gap,
        psn_pay - (acct_pay + cash_payamt) as person_gap,
        fund_pay_sumamt - (
            hifp_pay + coalesce(cvlserv_pay, 0) + coalesce(hifmi_pay, 0) + coalesce(hifob_pay, 0)
            + coalesce(maf_pay, 0) + coalesce(othfund_pay, 0)
        ) as fund_gap
    from stg_setl_d
    where vali_flag = '1'

),

gap as (

    select
        '医疗费总额 = 基金支付总额 + 个人负担总金额' as equation,
        1 as place,
        fee_gap as difference
    from compared
    union all
    select
        '基金支付总额 = 各项基金支出之和' as equation,
        2 as place,
        fund_gap as difference
    from compared
    union all
    select
        '个人负担总金额 = 个人账户支出 + 个人现金支出' as equation,
        3 as place,
        person_gap as difference
    from compared

)

select
    equation,
    cast(count(difference) as bigint) as compared_cnt,
    cast(count(case when abs(difference) > 0.05 then 1 end) as bigint) as odd_cnt,
    cast(sum(difference) as decimal(18, 2)) as difference
from gap
group by equation, place
order by place
