/*
grain: one row per town
key: [town_code]
*/
select
    town_code,  -- 乡镇代码
    town_name,  -- 乡镇名称
    population,  -- 常住人口, 人
    lnt,  -- 经度, 度
    lat,  -- 纬度, 度
    coord_sys  -- 坐标系
from lake.town
