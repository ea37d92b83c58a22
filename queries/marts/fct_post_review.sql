/*
grain: one row per institution and quarter
key: [fixmedins_code, quarter]
same_rows_as: stg_post_review
note: quarter is the quarter whose settlements were reviewed
*/
select
    fixmedins_code,
    quarter,
    make_date(
        cast(substring(quarter, 1, 4) as integer), cast(substring(quarter, 6, 1) as integer) * 3 - 2, 1
    ) as quarter_begn,
    last_day(make_date(
        cast(substring(quarter, 1, 4) as integer), cast(substring(quarter, 6, 1) as integer) * 3, 1
    )) as quarter_end,
    done_date,
    amt_reviewed,
    amt_vola,
    amt_recovered
from stg_post_review
