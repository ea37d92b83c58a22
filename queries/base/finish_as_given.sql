/*
grain: one row per hit line, its amount as the rule gives it
key: [setl_id, line_id]
nullable_key: [line_id]
*/
select
    setl_id,
    mdtrt_id,
    fixmedins_code,
    psn_no,
    hit_date,
    line_id,
    cast(line_amt as decimal(16, 2)) as line_amt,
    found_text,
    cast(found_num as decimal(18, 4)) as found_num,
    limit_text,
    cast(limit_num as decimal(18, 4)) as limit_num,
    related_id
from hit_line
