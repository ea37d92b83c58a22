/*
grain: one row per training, publicity event or test between $first_day and $last_day
*/
select
    train_id,
    train_date,
    kind,
    topic,
    persons,
    passed
from fct_training
where train_date between $first_day and $last_day
order by train_date desc, train_id asc
