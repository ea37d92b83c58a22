/*
grain: one row per institution, issue and insurance type
key: [fixmedins_code, issue, insutype]
same_rows_as: stg_clr_pay_d
note: pay_workdays are the working days d with dcla_ddln < d <= pay_date, never below 0; null while nothing was paid
*/
select
    payment.fixmedins_code,
    payment.issue,
    payment.insutype,
    payment.dcla_ddln,
    payment.pay_date,
    case
        when payment.pay_date is not null
            then greatest(paid.workday_no - deadline.workday_no, 0)
    end as pay_workdays,
    payment.pay_amt,
    coalesce(payment.instant_flag, '0') as instant_flag
from stg_clr_pay_d as payment
left join dim_workday as deadline on payment.dcla_ddln = deadline.cal_date
left join dim_workday as paid on payment.pay_date = paid.cal_date
