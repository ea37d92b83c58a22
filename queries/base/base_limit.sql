/*
grain: one row per item as billed, knowledge point on a single item and span of days in which the point is in force
key: [hilist_code, hilist_name, limit_type, limit_value, limit_num, limit_unit, remark, group_name, valid_from]
nullable_key: [limit_num, limit_unit, remark]
note: >
  a point is in force from efft_date (blank: since ever) to invd_date, and no longer than to the day before a later version of
  the same item and limit type. Blank match is 前缀: the reference lists match by prefix
*/
with

version as (

    select
        limit_type,
        item_code,
        coalesce(efft_date, date '1900-01-01') as valid_from,
        lead(coalesce(efft_date, date '1900-01-01')) over (
            partition by limit_type, item_code
            order by coalesce(efft_date, date '1900-01-01')
        ) as next_from
    from stg_kb_item_limit
    group by limit_type, item_code, coalesce(efft_date, date '1900-01-01')

),

point as (

    select
        source.limit_type,
        source.item_code,
        source.item_name,
        source.limit_value,
        source.limit_num,
        source.limit_unit,
        source.remark,
        version.valid_from,
        coalesce(source.match, '前缀') as match,
        least(
            coalesce(source.invd_date, date '9999-12-31'),
            coalesce(cast(version.next_from - interval 1 day as date), date '9999-12-31')
        ) as valid_to
    from stg_kb_item_limit as source
    inner join version
        on
            source.limit_type = version.limit_type
            and source.item_code = version.item_code
            and coalesce(source.efft_date, date '1900-01-01') = version.valid_from

),

item as (

    select distinct
        hilist_code,
        hilist_name
    from dim_fee_item

),

matched as (

    select
        item.hilist_code,
        item.hilist_name,
        point.item_code,
        point.limit_type
    from item
    inner join point on item.hilist_code = point.item_code
    where point.match = '编码'
    union
    select
        item.hilist_code,
        item.hilist_name,
        point.item_code,
        point.limit_type
    from item
    inner join point on item.hilist_name = point.item_name
    where point.match = '名称'
    union
    select
        item.hilist_code,
        item.hilist_name,
        point.item_code,
        point.limit_type
    from item
    inner join point on left(item.hilist_code, length(point.item_code)) = point.item_code
    where point.match = '前缀'

)

select distinct
    matched.hilist_code,
    matched.hilist_name,
    point.limit_type,
    point.limit_value,
    point.limit_num,
    point.limit_unit,
    point.remark,
    coalesce(point.item_name, point.item_code) as group_name,
    point.valid_from,
    point.valid_to
from matched
inner join point on matched.item_code = point.item_code and matched.limit_type = point.limit_type
