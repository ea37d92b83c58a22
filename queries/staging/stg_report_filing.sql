/*
grain: one row per month and item
key: [month, item]
*/
select
    month,  -- 月份
    item,  -- 事项
    due_date,  -- 应报日期
    filed_date,  -- 报送日期
    filer  -- 报送人
from lake.report_filing
