/*
grain: one row
note: >
  documents with at least one suspicion of each step, by the day of declaration between $first_day and $last_day, as known in this version.
  The amounts of the steps are KPIs; how many documents were declared is the denominator of first_review_rate
filters: a null list means all
*/
select
    count(distinct doc_id) as flagged_cnt,
    count(distinct doc_id) filter (where chk_vola_flag = '1') as first_review_cnt,
    count(distinct doc_id) filter (where finl_chk_vola_flag = '1') as confirmed_cnt,
    count(distinct doc_id) filter (where det_flag = '1') as deducted_cnt
from step_suspicion
where dcla_date between $first_day and $last_day
