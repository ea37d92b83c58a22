/*
grain: one row per month, institution, insurance type, medical category and origin of the insured
key: [ym, fixmedins_code, insutype, med_type, is_local]
by_month: ym
months_of: [stg_setl_d]
note: >
  money is net of refunds (their rows are negative); setl_cnt is settlements less refunds of the month, refd_cnt the refunds.
  is_local is 1 for the insured of the county or of one in the list of counties, a blank insu_admdvs counting as the county
*/
with

placed as (

    select
        setl.*,
        case
            when coalesce(setl.insu_admdvs, $county_admdvs) = $county_admdvs or listed.admdvs is not null then 1
            else 0
        end as is_local
    from stg_setl_d as setl
    left join dim_county as listed on setl.insu_admdvs = listed.admdvs
    where setl.vali_flag = '1'

)

select
    ym,
    fixmedins_code,
    insutype,
    med_type,
    is_local,
    cast(sum(case when refd_setl_flag = '1' then -1 else 1 end) as bigint) as setl_cnt,
    cast(sum(case when refd_setl_flag = '1' then 1 else 0 end) as bigint) as refd_cnt,
    cast(sum(medfee_sumamt) as decimal(16, 2)) as medfee_sumamt,
    cast(sum(fund_pay_sumamt) as decimal(16, 2)) as fund_pay_sumamt,
    cast(sum(inscp_amt) as decimal(16, 2)) as inscp_amt,
    cast(sum(coalesce(acct_pay, 0)) as decimal(16, 2)) as acct_pay
from placed
group by ym, fixmedins_code, insutype, med_type, is_local
