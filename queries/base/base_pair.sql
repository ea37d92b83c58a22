/*
grain: one row per knowledge point on a pair (or group) of items and span of days in which it is in force
key: [pair_type, item_code_a, item_code_b, group_name, window_name, ratio, valid_from]
nullable_key: [item_code_b, group_name, ratio]
note: versions as in base_limit. A blank window means the same visit
*/
with

version as (

    select
        pair_type,
        item_code_a,
        coalesce(item_code_b, '') as code_b,
        coalesce(efft_date, date '1900-01-01') as valid_from,
        lead(coalesce(efft_date, date '1900-01-01')) over (
            partition by pair_type, item_code_a, coalesce(item_code_b, '')
            order by coalesce(efft_date, date '1900-01-01')
        ) as next_from
    from stg_kb_item_pair
    group by pair_type, item_code_a, coalesce(item_code_b, ''), coalesce(efft_date, date '1900-01-01')

)

select distinct
    source.pair_type,
    source.item_code_a,
    source.item_code_b,
    source.group_name,
    source.ratio,
    version.valid_from,
    coalesce(source."window", '单次就诊') as window_name,
    least(
        coalesce(source.invd_date, date '9999-12-31'),
        coalesce(cast(version.next_from - interval 1 day as date), date '9999-12-31')
    ) as valid_to
from stg_kb_item_pair as source
inner join version
    on
        source.pair_type = version.pair_type
        and source.item_code_a = version.item_code_a
        and coalesce(source.item_code_b, '') = version.code_b
        and coalesce(source.efft_date, date '1900-01-01') = version.valid_from
