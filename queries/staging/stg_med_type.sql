/*
grain: one row per medical category
key: [med_type]
*/
select
    med_type,  -- 医疗类别
    med_type_name,  -- 医疗类别名称
    inpatient,  -- 住院
    outpatient,  -- 门诊
    pharmacy,  -- 购药
    chronic,  -- 慢特病
    maternity,  -- 生育
    vali_flag  -- 有效标志
from lake.med_type
