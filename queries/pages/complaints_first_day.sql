/*
grain: one row: the day of the first complaint on record, NULL when there is none
*/
select min(recv_date) as first_day
from fct_complaint
