/*
grain: one row per knowledge point on a pair (or group) of items and span of days in which it is in force
key: [pair_type, item_code_a, item_code_b, group_name, window_name, ratio, valid_from]
nullable_key: [item_code_b, group_name, ratio]
note: versions and batches as in base_limit. A blank window means the same visit
*/
with

point as (

    select
        given.pair_type,
        given.item_code_a,
        given.item_code_b,
        given.group_name,
        given.ratio,
        given.invd_date,
        coalesce(given.item_code_b, '') as code_b,
        coalesce(given."window", '单次就诊') as window_name,
        coalesce(given.efft_date, date '1900-01-01') as valid_from,
        coalesce(base_batch.batch_no, 0) as batch_no
    from stg_kb_item_pair as given
    left join base_batch on given.source like base_batch.pattern

),

version as (

    select
        pair_type,
        item_code_a,
        code_b,
        valid_from,
        max(batch_no) as last_batch,
        lead(valid_from) over (partition by pair_type, item_code_a, code_b order by valid_from) as next_from
    from point
    group by pair_type, item_code_a, code_b, valid_from

)

select distinct
    point.pair_type,
    point.item_code_a,
    point.item_code_b,
    point.group_name,
    point.ratio,
    point.valid_from,
    point.window_name,
    least(
        coalesce(point.invd_date, date '9999-12-31'),
        coalesce(cast(version.next_from - interval 1 day as date), date '9999-12-31')
    ) as valid_to
from point
inner join version
    on
        point.pair_type = version.pair_type
        and point.item_code_a = version.item_code_a
        and point.code_b = version.code_b
        and point.valid_from = version.valid_from
where point.batch_no in (0, version.last_batch)
