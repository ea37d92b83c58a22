/*
grain: one row per town
key: [town_code]
same_rows_as: stg_town
*/
select
    town_code,
    town_name,
    population,
    lnt,
    lat,
    coalesce(coord_sys, 'GCJ02') as coord_sys
from stg_town
