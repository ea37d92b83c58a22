/*
grain: one row per fee line of a settlement in base_settlement, net of the lines that reverse it
key: [bkkp_sn]
note: >
  a reversal is a line with negative quantity that names its original in init_feedetl_sn; a line of which nothing is left drops out.
  item_kind comes from list_type, else from the shape of the code. Age is in completed years on the day of the fee, from brdy where there is one
*/
with

reversal as (

    select
        init_feedetl_sn,
        sum(cnt) as cnt,
        sum(det_item_fee_sumamt) as det_item_fee_sumamt,
        sum(inscp_amt) as inscp_amt
    from stg_fee_list_d
    where cnt < 0 and init_feedetl_sn is not null and coalesce(vali_flag, '1') = '1'
    group by init_feedetl_sn

)

select
    line.bkkp_sn,
    line.fee_ocur_time,
    line.hilist_code,
    line.hilist_name,
    line.med_chrgitm_type,
    line.chrgitm_lv,
    line.pric,
    line.pric_uplmt_amt,
    line.prd_days,
    line.bilg_dr_code,
    settlement.setl_id,
    settlement.mdtrt_id,
    settlement.psn_no,
    settlement.fixmedins_code,
    settlement.setl_day,
    settlement.insutype,
    settlement.inpatient,
    settlement.outpatient,
    settlement.pharmacy,
    settlement.chronic,
    settlement.maternity,
    settlement.emergency,
    settlement.level_rank,
    settlement.level_class,
    settlement.sex,
    settlement.dise_no,
    settlement.dscg_maindiag_code,
    settlement.begn_day,
    settlement.end_day,
    coalesce(line.dscg_tkdrug_flag, '0') as dscg_tkdrug_flag,
    cast(line.fee_ocur_time as date) as fee_day,
    case
        when left(line.list_type, 1) = '1' then '药品'
        when left(line.list_type, 1) = '3' then '耗材'
        when line.list_type is not null then '项目'
        when left(line.hilist_code, 1) = 'X' and length(line.hilist_code) = 23 then '药品'
        when left(line.hilist_code, 1) = 'Z' and length(line.hilist_code) = 20 then '药品'
        when left(line.hilist_code, 1) = 'C' and length(line.hilist_code) >= 20 then '耗材'
        else '项目'
    end as item_kind,
    cast(line.cnt + coalesce(reversal.cnt, 0) as decimal(16, 4)) as cnt,
    cast(line.det_item_fee_sumamt + coalesce(reversal.det_item_fee_sumamt, 0) as decimal(16, 2))
        as det_item_fee_sumamt,
    cast(coalesce(line.inscp_amt, 0) + coalesce(reversal.inscp_amt, 0) as decimal(16, 2)) as inscp_amt,
    date_diff('day', settlement.brdy, cast(line.fee_ocur_time as date)) as age_days,
    case
        when settlement.brdy is null then settlement.age
        else
            cast(year(line.fee_ocur_time) as bigint) - year(settlement.brdy)
            - case
                when
                    month(line.fee_ocur_time) * 100 + day(line.fee_ocur_time)
                    < month(settlement.brdy) * 100 + day(settlement.brdy)
                    then 1
                else 0
            end
    end as age
from stg_fee_list_d as line
inner join base_settlement as settlement on line.setl_id = settlement.setl_id
left join reversal on line.bkkp_sn = reversal.init_feedetl_sn
where
    coalesce(line.vali_flag, '1') = '1'
    and line.cnt > 0
    and line.cnt + coalesce(reversal.cnt, 0) > 0
