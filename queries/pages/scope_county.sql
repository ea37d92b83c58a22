/*
grain: one row per county of the installation's list that this person may see
*/
select
    admdvs,
    admdvs_name
from dim_county
order by admdvs
