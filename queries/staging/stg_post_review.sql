/*
grain: one row per institution and quarter
key: [fixmedins_code, quarter]
*/
select
    fixmedins_code,  -- 定点医药机构编号
    quarter,  -- 季度
    done_date,  -- 完成日期
    amt_reviewed,  -- 审核金额, 元
    amt_vola,  -- 查出违规金额, 元
    amt_recovered  -- 追回金额, 元
from lake.post_review
