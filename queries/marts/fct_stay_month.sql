/*
grain: one row per month, institution, insurance type and county of the insured of the stays that have one settlement
key: [month_begn, fixmedins_code, insutype, insu_admdvs]
nullable_key: [fixmedins_code, insutype, insu_admdvs]
note: sums of fct_stay_day, so that a long period reads months and not days
*/
select
    make_date(year(setl_date), month(setl_date), 1) as month_begn,
    last_day(setl_date) as month_end,
    fixmedins_code,
    insutype,
    insu_admdvs,
    cast(sum(stay_cnt) as bigint) as stay_cnt,
    cast(sum(counted_cnt) as bigint) as counted_cnt,
    sum(medfee_sumamt) as medfee_sumamt
from fct_stay_day
where setl_date is not null
group by make_date(year(setl_date), month(setl_date), 1), last_day(setl_date), fixmedins_code, insutype, insu_admdvs
