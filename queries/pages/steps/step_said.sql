/*
One row per hit on which a person's word stands: true_hits and excluded_hits name them.
*/
select
    unnest(cast($true_hits as varchar[])) as hit_id,
    '属实' as verdict
union all
select
    unnest(cast($excluded_hits as varchar[])) as hit_id,
    '排除' as verdict
