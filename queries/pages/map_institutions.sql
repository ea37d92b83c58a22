/*
grain: one row per valid institution that the filters keep
note: >
  fund_pay_sumamt is net of refunds, of the months first_month to last_month (NULL: nothing settled in them). The agreement is the
  one in force on $on_date; a suspension counts while the day lies in it
*/
with

paid as (

    select
        fixmedins_code,
        sum(fund_pay_sumamt) as fund_pay_sumamt
    from fct_settlement_month
    where
        ym between $first_month and $last_month
        and (len(cast($insutype as varchar[])) = 0 or list_contains(cast($insutype as varchar[]), insutype))
    group by fixmedins_code

),

in_force as (

    select
        fixmedins_code,
        max(
            case
                when cntr_stas = '2' and $on_date between stas_begndate and coalesce(stas_enddate, $on_date) then 1
                else 0
            end
        ) as is_suspended
    from fct_agreement
    where $on_date between efft_date and end_date
    group by fixmedins_code

)

select
    institution.fixmedins_code,
    institution.fixmedins_name,
    institution.fixmedins_type,
    institution.level_class,
    institution.hosp_lv,
    institution.medins_natu,
    institution.town_code,
    institution.town_name,
    institution.admdvs,
    institution.lnt,
    institution.lat,
    institution.coord_sys,
    case
        when in_force.fixmedins_code is null then '无有效协议'
        when in_force.is_suspended = 1 then '中止'
        else '有效'
    end as agreement_state,
    cast(paid.fund_pay_sumamt as decimal(18, 2)) as fund_pay_sumamt
from dim_institution as institution
left join paid on institution.fixmedins_code = paid.fixmedins_code
left join in_force on institution.fixmedins_code = in_force.fixmedins_code
where
    institution.vali_flag = '1'
    and (
        len(cast($fixmedins_type as varchar[])) = 0
        or list_contains(cast($fixmedins_type as varchar[]), institution.fixmedins_type)
    )
    and (
        len(cast($level_class as varchar[])) = 0
        or list_contains(cast($level_class as varchar[]), institution.level_class)
    )
    and (
        len(cast($medins_natu as varchar[])) = 0
        or list_contains(cast($medins_natu as varchar[]), institution.medins_natu)
    )
    and (
        len(cast($town_code as varchar[])) = 0
        or list_contains(cast($town_code as varchar[]), institution.town_code)
    )
order by institution.fixmedins_code
