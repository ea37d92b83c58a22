/*
grain: one row per item code and limit of a source
key: [source, limit_type, item_code, limit_value, efft_date]
nullable_key: [source, efft_date]
*/
select
    limit_type,  -- 限定类型
    item_code,  -- 项目编码
    item_name,  -- 项目名称
    match,  -- 匹配方式
    limit_value,  -- 限定内容
    limit_num,  -- 限定数值, 按限定单位
    limit_unit,  -- 限定单位
    remark,  -- 备注
    source,  -- 来源
    efft_date,  -- 生效日期
    invd_date  -- 失效日期
from lake.kb_item_limit
