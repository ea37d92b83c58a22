/*
grain: one row per institution and interface
key: [fixmedins_code, intf_code]
*/
select
    fixmedins_code,  -- 定点医药机构编号
    intf_code,  -- 接口代码
    onln_date,  -- 上线日期
    stas  -- 状态
from lake.intf_onln_d
