/*
grain: one row per diagnosis of a settlement
key: [setl_list_diag_id]
*/
select
    setl_list_diag_id,  -- 诊断记录ID
    setl_id,  -- 结算ID
    mdtrt_id,  -- 就诊ID
    diag_type,  -- 诊断类别
    maindiag_flag,  -- 主诊断标志
    diag_code,  -- 诊断代码
    diag_name  -- 诊断名称
from lake.setl_list_diag_d
