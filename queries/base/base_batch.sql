/*
grain: one row per source of knowledge points
key: [source]
note: >
  batch_no is the number of the national bureau's batch that a source names (第八批-1 is 8), 0 for any other source. Of points with
  the same first day, those of the latest batch are in force; sources that are no batch stand beside them
*/
with

named as (

    select source
    from stg_kb_item_limit
    where source is not null
    union
    select source
    from stg_kb_item_pair
    where source is not null

)

select
    source,
    case
        when source like '%第一批%' then 1
        when source like '%第二批%' then 2
        when source like '%第三批%' then 3
        when source like '%第四批%' then 4
        when source like '%第五批%' then 5
        when source like '%第六批%' then 6
        when source like '%第七批%' then 7
        when source like '%第八批%' then 8
        when source like '%第九批%' then 9
        when source like '%第十批%' then 10
        when source like '%第十一批%' then 11
        when source like '%第十二批%' then 12
        when source like '%第十三批%' then 13
        when source like '%第十四批%' then 14
        when source like '%第十五批%' then 15
        when source like '%第十六批%' then 16
        when source like '%第十七批%' then 17
        when source like '%第十八批%' then 18
        when source like '%第十九批%' then 19
        when source like '%第二十批%' then 20
        else 0
    end as batch_no
from named
