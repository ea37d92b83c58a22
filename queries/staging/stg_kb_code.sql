/*
grain: one row per code
key: [code_type, code]
*/
select
    code_type,  -- 代码类别
    code,  -- 代码
    related_code,  -- 关联代码
    efft_date,  -- 生效日期
    invd_date  -- 失效日期
from lake.kb_code
