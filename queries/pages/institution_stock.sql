/*
grain: one row per month and item of the institution's stock ledger, months in [first_month, last_month]
note: >
  over_cnt is what went out beyond opening and purchases, gap_cnt what the closing stock differs from the other three; both are unknown
  where one of the quantities is blank. The name is that of the item's fee lines
*/
with

named as (

    select
        hilist_code,
        min(hilist_name) as hilist_name
    from dim_fee_item
    group by hilist_code

)

select
    stock.month,
    stock.hilist_code,
    named.hilist_name,
    stock.opening_cnt,
    stock.in_cnt,
    stock.out_cnt,
    stock.closing_cnt,
    greatest(stock.out_cnt - stock.opening_cnt - stock.in_cnt, 0) as over_cnt,
    stock.closing_cnt - (stock.opening_cnt + stock.in_cnt - stock.out_cnt) as gap_cnt
from stg_invoicing as stock
left join named on stock.hilist_code = named.hilist_code
where stock.fixmedins_code = $code and stock.month between $first_month and $last_month
order by
    coalesce(greatest(stock.out_cnt - stock.opening_cnt - stock.in_cnt, 0), 0) desc,
    stock.month desc,
    stock.hilist_code asc
