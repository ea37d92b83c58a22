/*
grain: one row per county of the installation's list
key: [admdvs]
same_rows_as: stg_county
note: an installation of one county has no list, or a list of one; screens speak of counties from two on
*/
select
    admdvs,
    admdvs_name
from stg_county
