/*
grain: one row per institution
key: [fixmedins_code]
*/
select
    fixmedins_code,  -- 定点医药机构编号
    fixmedins_name,  -- 定点医药机构名称
    fixmedins_type,  -- 定点医疗服务机构类型
    hosp_lv,  -- 医院等级
    medins_natu,  -- 机构性质
    specialty,  -- 专科类别
    uscc,  -- 统一社会信用代码
    fix_blng_admdvs,  -- 定点归属医保区划
    town_code,  -- 乡镇代码
    town_name,  -- 乡镇名称
    lnt,  -- 经度, 度
    lat,  -- 纬度, 度
    coord_sys,  -- 坐标系
    bed_cnt,  -- 床位数, 张
    vali_flag  -- 有效标志
from lake.fixmedins_b
