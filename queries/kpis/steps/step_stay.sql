/*
One row per month, institution, insurance type and county of the insured with stays of one settlement where the whole month lies in the period, else per day of
it; and one row per settlement of the other stays. Of the latter row_id brings the settlements of a stay together: it counts once a cell.
*/
select
    cast(month_begn as varchar) || coalesce(fixmedins_code, '') || coalesce(insutype, '') || coalesce(insu_admdvs, '') as row_id,
    month_begn as setl_date,
    fixmedins_code,
    insutype,
    insu_admdvs,
    medfee_sumamt,
    stay_cnt,
    counted_cnt,
    0 as is_again,
    0 as is_counted
from fct_stay_month
where month_begn >= $period_start and month_end <= $period_end
union all
select
    cast(setl_date as varchar) || coalesce(fixmedins_code, '') || coalesce(insutype, '') || coalesce(insu_admdvs, '') as row_id,
    setl_date,
    fixmedins_code,
    insutype,
    insu_admdvs,
    medfee_sumamt,
    stay_cnt,
    counted_cnt,
    0 as is_again,
    0 as is_counted
from fct_stay_day
where
    setl_date between $period_start and $period_end
    and (make_date(year(setl_date), month(setl_date), 1) < $period_start or last_day(setl_date) > $period_end)
union all
select
    mdtrt_id as row_id,
    setl_date,
    fixmedins_code,
    insutype,
    insu_admdvs,
    medfee_sumamt,
    0 as stay_cnt,
    0 as counted_cnt,
    1 as is_again,
    is_counted
from fct_stay_again
where setl_date between $period_start and $period_end
