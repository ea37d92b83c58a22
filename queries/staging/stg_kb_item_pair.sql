/*
grain: one row per pair of item codes of a source
key: [source, pair_type, item_code_a, item_code_b, window, group_name, efft_date]
nullable_key: [source, item_code_b, window, group_name, efft_date]
*/
select
    pair_type,  -- 组合类型
    "window",  -- 时间窗口
    item_code_a,  -- 项目A编码
    item_name_a,  -- 项目A名称
    item_code_b,  -- 项目B编码
    item_name_b,  -- 项目B名称
    group_name,  -- 分组名称
    ratio,  -- 折价比例, 倍
    remark,  -- 备注
    source,  -- 来源
    efft_date,  -- 生效日期
    invd_date  -- 失效日期
from lake.kb_item_pair
