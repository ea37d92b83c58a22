/*
grain: one row per table of the knowledge base, type of point, source and load that brought it
note: codes have no source column; their load names the file
*/
select
    'kb_item_limit' as table_name,
    limit_type as point_type,
    source,
    _batch_id as batch_id,
    count(*) as point_cnt,
    min(efft_date) as first_day,
    max(invd_date) as last_day
from lake.kb_item_limit
group by limit_type, source, _batch_id
union all
select
    'kb_item_pair' as table_name,
    pair_type as point_type,
    source,
    _batch_id as batch_id,
    count(*) as point_cnt,
    min(efft_date) as first_day,
    max(invd_date) as last_day
from lake.kb_item_pair
group by pair_type, source, _batch_id
union all
select
    'kb_code' as table_name,
    code_type as point_type,
    cast(null as varchar) as source,
    _batch_id as batch_id,
    count(*) as point_cnt,
    min(efft_date) as first_day,
    max(invd_date) as last_day
from lake.kb_code
group by code_type, _batch_id
order by table_name asc, point_type asc, point_cnt desc, source asc, batch_id asc
