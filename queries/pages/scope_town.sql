/*
grain: one row per town of the towns' list or of the institutions' register that this person may see
*/
select
    town_code,
    max(town_name) as town_name
from (
    select
        town_code,
        town_name
    from dim_town
    union all
    select
        town_code,
        town_name
    from dim_institution
    where town_code is not null
) as named
group by town_code
order by town_code
