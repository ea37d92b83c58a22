/*
grain: one row per equation that the parts of a settlement should satisfy
note: rows where a part is missing are not compared; a difference of up to 0.05 yuan is rounding
*/
with

equation (equation, words, place) as (

    values
    ('fee', '医疗费总额 = 基金支付总额 + 个人负担总金额', 1),
    ('fund', '基金支付总额 = 各项基金支出之和', 2),
    ('person', '个人负担总金额 = 个人账户支出 + 个人现金支出', 3)

)

select
    equation.words as equation,
    cast(sum(gap.compared_cnt) as bigint) as compared_cnt,
    cast(sum(gap.odd_cnt) as bigint) as odd_cnt,
    cast(sum(case when gap.compared_cnt > 0 then gap.difference end) as decimal(18, 2)) as difference
from fct_settlement_gap as gap
inner join equation on gap.equation = equation.equation
group by equation.words, equation.place
order by equation.place
