/*
grain: one row per settlement of a stay of the county's own insured (of any county in the list), refunds included
key: [setl_id]
by_month: ym
months_of: [stg_setl_d]
note: >
  inpatient is the flag of med_type; a blank insu_admdvs counts as the county. is_outside: the institution lies in another county than the
  insured's. A blank fix_blng_admdvs comes from the register, then from
  the institution's code. Whether a settlement was refunded is not here: the refund may lie in another month (fct_refund)
*/
select
    setl.ym,
    setl.setl_id,
    setl.mdtrt_id,
    setl.fixmedins_code,
    setl.insutype,
    coalesce(setl.insu_admdvs, cast($county_admdvs as varchar)) as insu_admdvs,
    setl.med_type,
    setl.begndate,
    setl.enddate,
    cast(setl.setl_time as date) as setl_date,
    coalesce(setl.refd_setl_flag, '0') as refd_setl_flag,
    coalesce(setl.fix_blng_admdvs, institution.fix_blng_admdvs, substring(setl.fixmedins_code, 2, 6)) as fix_blng_admdvs,
    case
        when
            coalesce(setl.fix_blng_admdvs, institution.fix_blng_admdvs, substring(setl.fixmedins_code, 2, 6))
            <> coalesce(setl.insu_admdvs, $county_admdvs)
            then 1
        else 0
    end as is_outside,
    setl.medfee_sumamt,
    setl.inscp_amt,
    setl.fund_pay_sumamt
from stg_setl_d as setl
inner join dim_med_type as category on setl.med_type = category.med_type
left join dim_institution as institution on setl.fixmedins_code = institution.fixmedins_code
left join dim_county as listed on setl.insu_admdvs = listed.admdvs
where
    setl.vali_flag = '1'
    and category.inpatient = '1'
    and (coalesce(setl.insu_admdvs, $county_admdvs) = $county_admdvs or listed.admdvs is not null)
