/*
grain: one row per operation of a settlement
key: [setl_list_oprn_id]
*/
select
    setl_list_oprn_id,  -- 手术操作记录ID
    setl_id,  -- 结算ID
    mdtrt_id,  -- 就诊ID
    main_oprn_flag,  -- 主手术操作标志
    oprn_oprt_code,  -- 手术操作代码
    oprn_oprt_name,  -- 手术操作名称
    oprn_oprt_date  -- 手术操作日期
from lake.setl_list_oprn_d
