/*
grain: one row per internal control check
key: [control_id]
*/
select
    control_id,  -- 内控检查编号
    check_date,  -- 内控检查日期
    post,  -- 岗位
    risk_level,  -- 风险等级
    found_cnt,  -- 发现数, 项
    fixed_cnt  -- 整改数, 项
from lake.control_check
