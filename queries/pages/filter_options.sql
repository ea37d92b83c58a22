/*
grain: one row per filter and value that occurs among the valid institutions, per insurance type of ledger and claims, per county listed
*/
select
    'fixmedins_type' as dimension,
    fixmedins_type as code,
    cast(null as varchar) as label
from dim_institution
where vali_flag = '1'
group by fixmedins_type
union all
select
    'level_class' as dimension,
    level_class as code,
    null as label
from dim_institution
where vali_flag = '1'
group by level_class
union all
select
    'medins_natu' as dimension,
    medins_natu as code,
    null as label
from dim_institution
where vali_flag = '1' and medins_natu is not null
group by medins_natu
union all
select
    'town_code' as dimension,
    town_code as code,
    max(town_name) as label
from dim_institution
where vali_flag = '1' and town_code is not null
group by town_code
union all
select
    'admdvs' as dimension,
    admdvs as code,
    admdvs_name as label
from dim_county
union all
select
    'insutype' as dimension,
    insutype as code,
    null as label
from (
    select insutype from fct_fund_ledger
    union all
    select insutype from fct_settlement_month
) as ledger_and_claims
where insutype is not null
group by insutype
order by dimension, code
