/*
grain: one row per table and institution code that the register of institutions does not hold
*/
with

named as (

    select
        'setl_d' as table_name,
        fixmedins_code,
        sum(setl_cnt + 2 * refd_cnt) as row_cnt
    from fct_settlement_month
    group by fixmedins_code
    union all
    select
        'bffact_warn_rslt_d' as table_name,
        fixmedins_code,
        sum(warn_cnt) as row_cnt
    from fct_reminder_month
    group by fixmedins_code
    union all
    select
        'inspection' as table_name,
        fixmedins_code,
        count(*) as row_cnt
    from stg_inspection
    group by fixmedins_code
    union all
    select
        'finding' as table_name,
        fixmedins_code,
        count(*) as row_cnt
    from stg_finding
    group by fixmedins_code
    union all
    select
        'handling' as table_name,
        fixmedins_code,
        count(*) as row_cnt
    from stg_handling
    group by fixmedins_code
    union all
    select
        'self_check' as table_name,
        fixmedins_code,
        count(*) as row_cnt
    from stg_self_check
    group by fixmedins_code
    union all
    select
        'complaint' as table_name,
        fixmedins_code,
        count(*) as row_cnt
    from stg_complaint
    group by fixmedins_code
    union all
    select
        'fixmedins_cntr_reg_d' as table_name,
        fixmedins_code,
        count(*) as row_cnt
    from stg_fixmedins_cntr_reg_d
    group by fixmedins_code

)

select
    named.table_name,
    named.fixmedins_code,
    cast(named.row_cnt as bigint) as row_cnt
from named
left join stg_fixmedins_b as register on named.fixmedins_code = register.fixmedins_code
where named.fixmedins_code is not null and register.fixmedins_code is null
order by named.table_name asc, named.row_cnt desc, named.fixmedins_code asc
