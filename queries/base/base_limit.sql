/*
grain: one row per item as billed, knowledge point on a single item and span of days in which the point is in force
key: [hilist_code, hilist_name, limit_type, limit_value, limit_num, limit_unit, remark, group_name, valid_from]
nullable_key: [limit_num, limit_unit, remark]
note: >
  a point is in force from efft_date (blank: since ever) to invd_date, and no longer than to the day before a later version of
  the same item and limit type. Of points that begin on the same day, a later national batch supersedes an earlier one.
  Blank match is 前缀: the reference lists match by prefix
*/
with

point as (

    select
        given.limit_type,
        given.item_code,
        given.item_name,
        given.limit_value,
        given.limit_num,
        given.limit_unit,
        given.remark,
        given.invd_date,
        coalesce(given.match, '前缀') as match,
        coalesce(given.efft_date, date '1900-01-01') as valid_from,
        coalesce(base_batch.batch_no, 0) as batch_no
    from stg_kb_item_limit as given
    left join base_batch on given.source like base_batch.pattern

),

version as (

    select
        limit_type,
        item_code,
        valid_from,
        max(batch_no) as last_batch,
        lead(valid_from) over (partition by limit_type, item_code order by valid_from) as next_from
    from point
    group by limit_type, item_code, valid_from

),

in_force as (

    select
        point.*,
        least(
            coalesce(point.invd_date, date '9999-12-31'),
            coalesce(cast(version.next_from - interval 1 day as date), date '9999-12-31')
        ) as valid_to
    from point
    inner join version
        on
            point.limit_type = version.limit_type
            and point.item_code = version.item_code
            and point.valid_from = version.valid_from
    where point.batch_no in (0, version.last_batch)

),

item as (

    select distinct
        hilist_code,
        hilist_name
    from dim_fee_item

),

code_length as (

    select distinct length(item_code) as places
    from in_force
    where match = '前缀'

),

beginning as (

    -- the few lengths there are, so that prefixes are looked up and not compared one by one
    select
        item.hilist_code,
        item.hilist_name,
        left(item.hilist_code, code_length.places) as item_code
    from item
    inner join code_length on length(item.hilist_code) >= code_length.places

),

matched as (

    select
        item.hilist_code,
        item.hilist_name,
        in_force.*
    from item
    inner join in_force on item.hilist_code = in_force.item_code
    where in_force.match = '编码'
    union all
    select
        item.hilist_code,
        item.hilist_name,
        in_force.*
    from item
    inner join in_force on item.hilist_name = in_force.item_name
    where in_force.match = '名称'
    union all
    select
        beginning.hilist_code,
        beginning.hilist_name,
        in_force.*
    from beginning
    inner join in_force on beginning.item_code = in_force.item_code
    where in_force.match = '前缀'

)

select distinct
    hilist_code,
    hilist_name,
    limit_type,
    limit_value,
    limit_num,
    limit_unit,
    remark,
    coalesce(item_name, item_code) as group_name,
    valid_from,
    valid_to
from matched
