/*
grain: one row per inspection
key: [insp_id]
*/
select
    insp_id,  -- 检查编号
    fixmedins_code,  -- 定点医药机构编号
    insp_date,  -- 检查日期
    insp_kind,  -- 检查性质
    insp_method,  -- 检查方式
    campaign_id,  -- 专项编号
    random_flag,  -- 双随机
    cross_flag,  -- 交叉检查
    entrusted_flag,  -- 县局委托
    clue_id,  -- 线索编号
    record_no,  -- 现场检查记录单号
    inspectors,  -- 检查人员
    insp_stas,  -- 检查状态
    vola_found_flag  -- 发现问题标志
from lake.inspection
