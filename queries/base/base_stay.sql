/*
grain: one row per inpatient visit with at least one settlement in base_settlement
key: [mdtrt_id]
note: >
  money is the sum over the visit's settlements. The main diagnosis is the visit's discharge diagnosis, else the main western
  diagnosis of the settlement list
*/
with

main_diagnosis as (

    select
        mdtrt_id,
        min(diag_code) as diag_code
    from stg_setl_list_diag_d
    where maindiag_flag = '1' and coalesce(diag_type, '1') = '1'
    group by mdtrt_id

)

select
    stay.mdtrt_id,
    max(stay.psn_no) as psn_no,
    max(stay.fixmedins_code) as fixmedins_code,
    max(stay.level_class) as level_class,
    max(stay.med_type) as med_type,
    max(stay.dscg_way) as dscg_way,
    upper(coalesce(max(stay.dscg_maindiag_code), max(main_diagnosis.diag_code))) as main_diag_code,
    min(coalesce(stay.begntime, stay.begndate)) as begntime,
    min(stay.begn_day) as begn_day,
    max(stay.end_day) as end_day,
    date_diff('day', min(stay.begn_day), max(stay.end_day)) as nights,
    cast(sum(stay.fund_pay_sumamt) as decimal(16, 2)) as fund_pay_sumamt,
    cast(sum(stay.medfee_sumamt) as decimal(16, 2)) as medfee_sumamt
from base_settlement as stay
left join main_diagnosis on stay.mdtrt_id = main_diagnosis.mdtrt_id
where stay.inpatient = '1'
group by stay.mdtrt_id
