/*
grain: one row per item code as billed and code of a pair's knowledge point that it begins with
key: [pair_type, hilist_code, pair_code]
note: reference lists match by prefix; items are looked up by the few lengths that the points' codes have
*/
with

pair_code as (

    select
        pair_type,
        item_code_a as pair_code
    from base_pair
    union
    select
        pair_type,
        item_code_b as pair_code
    from base_pair
    where item_code_b is not null

),

code_length as (

    select distinct length(pair_code) as places
    from pair_code

),

item as (

    select distinct hilist_code
    from dim_fee_item

),

beginning as (

    select
        item.hilist_code,
        left(item.hilist_code, code_length.places) as pair_code
    from item
    inner join code_length on length(item.hilist_code) >= code_length.places

)

select
    pair_code.pair_type,
    beginning.hilist_code,
    pair_code.pair_code
from beginning
inner join pair_code on beginning.pair_code = pair_code.pair_code
