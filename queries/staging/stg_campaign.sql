/*
grain: one row per campaign
key: [campaign_id]
*/
select
    campaign_id,  -- 专项编号
    campaign_name,  -- 专项名称
    begndate,  -- 开始日期
    enddate,  -- 结束日期
    depts,  -- 参与部门
    target_cnt,  -- 应查家数, 家
    checked_cnt,  -- 已查家数, 家
    talk_cnt,  -- 约谈家数, 家
    suspend_cnt,  -- 暂停家数, 家
    rectify_cnt,  -- 整改家数, 家
    amt_found,  -- 查出金额, 元
    amt_recovered  -- 追回金额, 元
from lake.campaign
