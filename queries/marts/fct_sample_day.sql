/*
grain: one row per day of dcla_time, institution, issue, insurance type and 住院 or 门诊 of the documents that passed first review
key: [dcla_date, fixmedins_code, issue, insutype, care_kind]
by_month: ym
months_of: [stg_doc_d]
note: >
  passed = not marked as wrong, a blank flag counting as 0 (precise.md, Rows). rchk_cnt of them were drawn and
  reviewed again, found_cnt with an amount. Amounts also in fen and their squares, so that strata can be extrapolated in whole numbers
*/
with

passed as (

    select
        doc.ym,
        cast(doc.dcla_time as date) as dcla_date,
        doc.fixmedins_code,
        doc.issue,
        doc.insutype,
        doc.dcla_fund_amt,
        case when category.inpatient = '1' then '住院' else '门诊' end as care_kind,
        case when doc.smpl_flag = '1' and doc.smpl_rchk_time is not null then 1 else 0 end as is_reviewed,
        case
            when doc.smpl_flag = '1' and doc.smpl_rchk_time is not null then coalesce(doc.smpl_vola_amt, 0)
            else cast(0 as decimal(16, 2))
        end as vola_amt
    from stg_doc_d as doc
    left join dim_med_type as category on doc.med_type = category.med_type
    where coalesce(doc.chk_vola_flag, '0') = '0'

)

select
    ym,
    dcla_date,
    fixmedins_code,
    issue,
    insutype,
    care_kind,
    count(*) as doc_cnt,
    cast(sum(coalesce(dcla_fund_amt, 0)) as decimal(16, 2)) as dcla_fund_amt,
    cast(sum(is_reviewed) as bigint) as rchk_cnt,
    cast(sum(case when vola_amt <> 0 then 1 else 0 end) as bigint) as found_cnt,
    cast(sum(vola_amt) as decimal(16, 2)) as vola_amt,
    cast(cast(sum(vola_amt) * 100 as decimal(18, 0)) as bigint) as vola_fen,
    cast(sum(cast(vola_amt as decimal(19, 2)) * vola_amt) * 10000 as decimal(38, 0)) as square_fen
from passed
group by ym, dcla_date, fixmedins_code, issue, insutype, care_kind
