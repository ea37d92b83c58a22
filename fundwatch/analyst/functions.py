"""Functions that analysts' SQL may call: an allow-list of what adds up, compares, cuts text and counts days.

Left out on purpose: whatever reads files, settings, variables or the catalog, sleeps or logs, makes rows or long texts out of
nothing (range, repeat, lpad), and lists, maps, JSON and random numbers.
"""

from __future__ import annotations

_OPERATORS = "+ - * / // % ** ^ || ~~ !~~ ~~* !~~* ~~~ ~ = != < > <= >= @ & | << >> xor"
_AGGREGATES = """
    any_value approx_count_distinct arbitrary arg_max arg_min argmax argmin avg mean bit_and bit_or bool_and bool_or corr
    count count_if count_star countif covar_pop covar_samp favg first fsum geomean geometric_mean kahan_sum sumkahan kurtosis
    kurtosis_pop last mad max max_by median min min_by mode product quantile quantile_cont quantile_disc regr_avgx regr_avgy
    regr_count regr_intercept regr_r2 regr_slope
    regr_sxx regr_sxy regr_syy sem skewness stddev stddev_pop stddev_samp string_agg group_concat listagg sum var_pop var_samp variance
    approx_quantile entropy weighted_avg wavg
"""
_WINDOW = """
    row_number rank dense_rank rank_dense percent_rank cume_dist ntile lag lead first_value last_value nth_value fill
"""
_NUMBERS = """
    abs ceil ceiling floor round round_even roundbankers trunc sign sqrt cbrt exp ln log log10 log2
    pow power mod greatest least fdiv fmod
    even isnan isinf isfinite add subtract multiply divide pi signbit gcd lcm
"""
_TEXT = """
    lower upper lcase ucase length len char_length character_length strlen left right substr substring trim ltrim rtrim replace
    translate contains starts_with ends_with prefix suffix position instr strpos split_part concat concat_ws reverse ascii unicode chr
    regexp_matches regexp_full_match regexp_extract regexp_replace like_escape ilike_escape not_like_escape not_ilike_escape
    levenshtein editdist3 jaccard jaro_similarity jaro_winkler_similarity strip_accents nfc_normalize md5 sha256 hash
"""
_DAYS = """
    date_trunc datetrunc date_part datepart date_diff datediff date_sub datesub date_add age last_day year month day quarter week weekday
    weekofyear yearweek dayofweek dayofmonth dayofyear isodow isoyear hour minute second dayname monthname decade century days_in_month
    make_date make_timestamp strftime strptime try_strptime epoch today now get_current_timestamp current_date time_bucket
    to_days to_weeks to_months to_quarters to_years to_hours to_minutes to_seconds
"""
_CHOICE = "nullif if ifnull coalesce typeof constant_or_null"

FUNCTIONS = frozenset(" ".join((_OPERATORS, _AGGREGATES, _WINDOW, _NUMBERS, _TEXT, _DAYS, _CHOICE)).split())
