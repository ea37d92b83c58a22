/*
grain: one row per hit, that is per settlement of one rule
key: [setl_id]
note: read-time only (DuckDB's JSON); a hit keeps the lines that made it. A rule without an amount has null, not 0
*/
select
    setl_id,
    min(mdtrt_id) as mdtrt_id,
    min(fixmedins_code) as fixmedins_code,
    min(psn_no) as psn_no,
    min(hit_date) as hit_date,
    cast(sum(line_amt) as decimal(16, 2)) as amount_at_issue,
    cast(
        to_json(
            list(
                {
                    'line_id': line_id,
                    'amount': cast(line_amt as varchar),
                    'found': found_text,
                    'found_num': rtrim(rtrim(cast(found_num as varchar), '0'), '.'),
                    'limit': limit_text,
                    'limit_num': rtrim(rtrim(cast(limit_num as varchar), '0'), '.'),
                    'related_id': related_id
                }
                order by line_id nulls first
            )
        )
        as varchar
    ) as lines
from finished
group by setl_id
order by setl_id
