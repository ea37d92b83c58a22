-- Codes and their words as the product ships them.
select
    list,
    code,
    label
from code_words
order by list, code
