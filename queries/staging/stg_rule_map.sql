/*
grain: one row per platform rule and own rule
key: [platform_rule_id, rule_id]
*/
select
    platform_rule_id,  -- 平台规则ID
    rule_id,  -- 规则ID
    efft_date,  -- 生效日期
    invd_date  -- 失效日期
from lake.rule_map
