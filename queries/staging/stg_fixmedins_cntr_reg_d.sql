/*
grain: one row per agreement
key: [cntr_id]
*/
select
    cntr_id,  -- 协议编号
    fixmedins_code,  -- 定点医药机构编号
    efft_time,  -- 生效时间
    invd_time,  -- 失效时间
    cntr_stas,  -- 协议状态
    stas_begndate,  -- 状态开始日期
    stas_enddate  -- 状态结束日期
from lake.fixmedins_cntr_reg_d
