/*
grain: one row per hit line, its amount the share (found_num − limit_num) / found_num of what the rule gives
key: [setl_id, line_id]
nullable_key: [line_id]
note: >
  methods M2 and M3. The share is taken of the whole group of a settlement and rounded once, half up to the fen: each line gets the
  difference of two running shares, so that the lines add up to the group. Integers only, because quotients of decimals differ between engines
*/
with

counted as (

    select
        setl_id,
        mdtrt_id,
        fixmedins_code,
        psn_no,
        hit_date,
        line_id,
        found_text,
        limit_text,
        related_id,
        cast(found_num as decimal(18, 4)) as found_num,
        cast(limit_num as decimal(18, 4)) as limit_num,
        cast(cast(line_amt * 100 as decimal(18, 0)) as bigint) as line_fen,
        cast(
            cast(
                sum(line_amt) over (
                    partition by setl_id, group_key
                    order by line_id
                    rows between unbounded preceding and current row
                ) * 100
                as decimal(18, 0)
            )
            as bigint
        ) as running_fen,
        cast(cast(found_num * 10000 as decimal(18, 0)) as bigint) as whole,
        cast(cast(limit_num * 10000 as decimal(18, 0)) as bigint) as lawful
    from hit_line

),

shared as (

    select
        counted.*,
        (2 * counted.running_fen * (counted.whole - counted.lawful) + counted.whole) // (2 * counted.whole)
        - (2 * (counted.running_fen - counted.line_fen) * (counted.whole - counted.lawful) + counted.whole) // (2 * counted.whole) as share_fen
    from counted

)

select
    setl_id,
    mdtrt_id,
    fixmedins_code,
    psn_no,
    hit_date,
    line_id,
    cast(cast(share_fen as decimal(18, 0)) * 0.01 as decimal(16, 2)) as line_amt,
    found_text,
    found_num,
    limit_text,
    limit_num,
    related_id
from shared
