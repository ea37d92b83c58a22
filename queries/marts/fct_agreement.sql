/*
grain: one row per agreement of a valid institution, of any cntr_stas
key: [cntr_id]
note: under agreement in a period = [efft_date, end_date] overlaps it; suspension (2) does not interrupt (precise.md, Rows)
*/
with

agreement as (

    select
        cntr_id,
        fixmedins_code,
        cntr_stas,
        cast(efft_time as date) as efft_date,
        cast(invd_time as date) as invd_date,
        stas_begndate,
        stas_enddate,
        -- a cancelled (3) or ended (4) agreement runs to the day before its new state begins
        cast(stas_begndate - interval 1 day as date) as day_before_state
    from stg_fixmedins_cntr_reg_d

)

select
    agreement.cntr_id,
    agreement.fixmedins_code,
    agreement.cntr_stas,
    agreement.efft_date,
    case
        when agreement.cntr_stas in ('3', '4') and agreement.day_before_state < agreement.invd_date
            then agreement.day_before_state
        else agreement.invd_date
    end as end_date,
    agreement.invd_date,
    agreement.stas_begndate,
    agreement.stas_enddate
from agreement
inner join stg_fixmedins_b as institution on agreement.fixmedins_code = institution.fixmedins_code
where institution.vali_flag = '1'
