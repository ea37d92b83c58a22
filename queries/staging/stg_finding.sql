/*
grain: one row per finding
key: [finding_id]
*/
select
    finding_id,  -- 问题编号
    insp_id,  -- 检查编号
    case_id,  -- 案件编号
    fixmedins_code,  -- 定点医药机构编号
    found_date,  -- 发现日期
    vola_nature,  -- 违规性质
    amt,  -- 金额, 元
    notice_no  -- 违约处理告知单号
from lake.finding
