/*
grain: one row per institution and focus class of 2022医疗保障基金协议管理工作方案 三(二)3; an institution may be in two
(a private hospital of level two is both)
*/
select
    fixmedins_code,
    'level_2' as focus_class
from dim_institution
where fixmedins_type = '1' and level_class = '二级'
union all
select
    fixmedins_code,
    'level_1' as focus_class
from dim_institution
where fixmedins_type = '1' and level_class = '一级'
union all
select
    fixmedins_code,
    'private_psychiatric' as focus_class
from dim_institution
where fixmedins_type = '1' and (medins_natu = '2' or specialty = '精神')
union all
select
    fixmedins_code,
    'pharmacy' as focus_class
from dim_institution
where fixmedins_type = '2'
order by focus_class, fixmedins_code
