/*
grain: one row per training event
key: [train_id]
same_rows_as: stg_training
*/
select
    train_id,
    train_date,
    kind,
    persons,
    passed,
    topic
from stg_training
