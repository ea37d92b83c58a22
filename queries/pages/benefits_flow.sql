/*
grain: one row per place outside the county where its insured were in hospital, settled between $first_day and $last_day
note: >
  money is net of refunds, as in outside_share; stays are counted as in avg_inpatient_fee: a visit with a settlement of the period that
  is no refund and was never refunded. dest_admdvs is the place's code, for the county's own office to read
filters: a null list means all
*/
with

refunded as (

    select distinct init_setl_id
    from fct_refund
    where init_setl_id is not null

)

select
    settlement.fix_blng_admdvs as dest_admdvs,
    count(
        distinct case when settlement.refd_setl_flag = '0' and refunded.init_setl_id is null then settlement.mdtrt_id end
    ) as visit_cnt,
    count(distinct settlement.fixmedins_code) as institution_cnt,
    cast(sum(settlement.medfee_sumamt) as decimal(16, 2)) as medfee_sumamt,
    cast(sum(settlement.fund_pay_sumamt) as decimal(16, 2)) as fund_pay_sumamt
from fct_inpatient_settlement as settlement
left join refunded on settlement.setl_id = refunded.init_setl_id
left join dim_provider as institution on settlement.fixmedins_code = institution.fixmedins_code
where
    settlement.is_outside = 1
    and settlement.setl_date between $first_day and $last_day
    and ($insutype is null or list_contains($insutype, settlement.insutype))
    and ($level_class is null or list_contains($level_class, institution.level_class))
    and ($medins_natu is null or list_contains($medins_natu, institution.medins_natu))
group by settlement.fix_blng_admdvs
order by fund_pay_sumamt desc, dest_admdvs asc
