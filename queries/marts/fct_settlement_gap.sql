/*
grain: one row per month and equation that the parts of a settlement should satisfy
key: [ym, equation]
by_month: ym
note: >
  fee = total less fund and person, fund = fund less its parts, person = person less account and cash. Rows where a part is missing are
  not compared; a difference of up to 0.05 yuan is rounding
*/
with

compared as (

    select
        ym,
        medfee_sumamt - (fund_pay_sumamt + psn_pay) as fee_gap,
        psn_pay - (acct_pay + cash_payamt) as person_gap,
        fund_pay_sumamt - (
            hifp_pay + coalesce(cvlserv_pay, 0) + coalesce(hifmi_pay, 0) + coalesce(hifob_pay, 0)
            + coalesce(maf_pay, 0) + coalesce(othfund_pay, 0)
        ) as fund_gap
    from stg_setl_d
    where vali_flag = '1'

),

summed as (

    select
        ym,
        count(fee_gap) as fee_cnt,
        count(fund_gap) as fund_cnt,
        count(person_gap) as person_cnt,
        sum(case when abs(fee_gap) > 0.05 then 1 else 0 end) as fee_odd,
        sum(case when abs(fund_gap) > 0.05 then 1 else 0 end) as fund_odd,
        sum(case when abs(person_gap) > 0.05 then 1 else 0 end) as person_odd,
        sum(coalesce(fee_gap, 0)) as fee_sum,
        sum(coalesce(fund_gap, 0)) as fund_sum,
        sum(coalesce(person_gap, 0)) as person_sum
    from compared
    group by ym

),

equation as (

    select
        ym,
        'fee' as equation,
        fee_cnt as compared_cnt,
        fee_odd as odd_cnt,
        fee_sum as difference
    from summed
    union all
    select
        ym,
        'fund' as equation,
        fund_cnt as compared_cnt,
        fund_odd as odd_cnt,
        fund_sum as difference
    from summed
    union all
    select
        ym,
        'person' as equation,
        person_cnt as compared_cnt,
        person_odd as odd_cnt,
        person_sum as difference
    from summed

)

select
    ym,
    equation,
    cast(compared_cnt as bigint) as compared_cnt,
    cast(odd_cnt as bigint) as odd_cnt,
    cast(difference as decimal(18, 2)) as difference
from equation
