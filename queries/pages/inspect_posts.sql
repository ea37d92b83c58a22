/*
grain: one row per text of inspectors in the inspection ledger
*/
select distinct inspectors
from stg_inspection
where inspectors is not null
order by inspectors
