/*
grain: one row per code and related code
key: [code_type, code, related_code, efft_date]
nullable_key: [related_code, efft_date]
*/
select
    code_type,  -- 代码类别
    code,  -- 代码
    related_code,  -- 关联代码
    efft_date,  -- 生效日期
    invd_date  -- 失效日期
from lake.kb_code
