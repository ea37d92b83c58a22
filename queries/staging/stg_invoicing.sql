/*
grain: one row per institution, month and item
key: [fixmedins_code, month, hilist_code]
*/
select
    fixmedins_code,  -- 定点医药机构编号
    month,  -- 月份
    hilist_code,  -- 医保目录编码
    opening_cnt,  -- 期初数量, 计价单位
    in_cnt,  -- 购进数量, 计价单位
    out_cnt,  -- 销出数量, 计价单位
    closing_cnt  -- 期末数量, 计价单位
from lake.invoicing
