-- What was loaded and how far it reaches; titles come from the contracts.
select
    loaded.table_name,
    titles.title,
    loaded.rows as row_cnt,
    loaded.first_date,
    loaded.last_date
from _meta_tables as loaded
inner join contract_titles as titles on loaded.table_name = titles.table_name
where loaded.lake_version is not null
order by loaded.table_name
