/*
grain: one row per county
key: [admdvs]
*/
select
    admdvs,  -- 医保区划
    admdvs_name  -- 县区名称
from lake.county
