"""The SELECTs of the sums by day of a declaration with ``by_day``: what the build makes, and numbers and totals read from it."""

from __future__ import annotations

from collections.abc import Sequence

from fundwatch.contracts import contracts
from fundwatch.kpi.declaration import COUNTY, Kpi
from fundwatch.kpi.select import select
from fundwatch.kpi.writer import (
    chained,
    county_of_code,
    dimension_columns,
    institution_join,
    kept_by,
    measure_columns,
    month_of,
    own_dimensions,
    sums_over,
)
from fundwatch.steps import steps_used

#: of the rows in a sum by day: those that fall short and those that are counted (``list_writer.ONLY``)
DAY_COUNTS = (
    "cast(sum(case when numerator < denominator then 1 else 0 end) as bigint) as short_cnt",
    "cast(sum(case when numerator <> 0 then 1 else 0 end) as bigint) as counted_cnt",
)


def day_sql(kpi: Kpi) -> str:
    """The table that the build makes of a KPI with ``by_day``: the facts of all days, summed by ``day_keys``."""
    listing, keys = kpi.listing, day_keys(kpi)
    sql = {"cal_date": listing.date, "fixmedins_code": listing.institution, COUNTY: listing.county}
    kept = bool(kpi.by_day and kpi.by_day.keep)
    measures = [] if kept else measure_columns(listing.numerator, listing.denominator)
    facts = select(
        [*[f"{sql.get(name, f'fact.{name}')} as {name}" for name in keys], *measures],
        f"{listing.source} as fact",
        [f"{listing.date} is not null", listing.where],
    )
    sums = [] if kept else ["sum(numerator) as numerator", "sum(denominator) as denominator", *DAY_COUNTS]
    summed = select([*keys, *sums, "count(*) as row_cnt"], "facts", group_by=keys)
    return chained(
        {**steps_used([text for text in (listing.source, listing.where) if text]), "facts": facts}, summed
    )


def day_keys(kpi: Kpi) -> list[str]:
    """What the sums by day are kept apart by: month of the source where it is built by month, day, institution, dimensions."""
    days = kpi.by_day
    month = ["ym"] if day_months(kpi) else []
    institution = ["fixmedins_code"] if kpi.listing.has_institution else []
    county = [COUNTY] if kpi.listing.county else []
    return [*month, "cal_date", *institution, *county, *own_dimensions(kpi), *(days.keep if days else ())]


def day_months(kpi: Kpi) -> str | None:
    """The input whose months the sums by day follow; None: they are made whole."""
    days, source = kpi.by_day, kpi.listing.source or ""
    if days and days.months_of:
        return days.months_of
    contract = contracts().get(source.removeprefix("stg_"))
    return source if source.startswith("stg_") and contract and contract.by_month else None


def day_number_sql(kpi: Kpi, split: Sequence[str], filters: Sequence[str] = ()) -> str:
    """The same columns and rows as ``number_sql``, from the sums by day. Institutions are joined as they are in the register now."""
    return chained(day_steps(kpi, filters), sums_over(kpi, split, "coalesce(sum(row_cnt), 0)"))


def day_totals_sql(kpi: Kpi, filters: Sequence[str] = ()) -> str:
    """The same row as ``list_writer.totals_sql`` of the whole list, from the sums by day."""
    counts = [
        f"cast(coalesce(sum({name}_cnt), 0) as bigint) as {name}_cnt" for name in ("row", "short", "counted")
    ]
    sums = ["sum(numerator) as numerator", f"{'sum(denominator)' if kpi.is_ratio else 'null'} as denominator"]
    return chained(day_steps(kpi, filters), select([*sums, *counts], "listed"))


def day_steps(kpi: Kpi, filters: Sequence[str]) -> dict[str, str]:
    """Step name → select; the last one, ``listed``, has the sums by day that lie in the window and that the filters keep."""
    listing, table = kpi.listing, day_table(kpi)
    if kpi.by_day and kpi.by_day.keep:
        one, of = (f"coalesce({text or 'null'}, 0)" for text in (listing.numerator, listing.denominator))
        measured = [
            f"{one} * fact.row_cnt",
            f"{of} * fact.row_cnt",
            f"case when {one} < {of} then fact.row_cnt else 0 end",
            f"case when {one} <> 0 then fact.row_cnt else 0 end",
        ]
    else:
        measured = ["fact.numerator", "fact.denominator", "fact.short_cnt", "fact.counted_cnt"]
    names = ("numerator", "denominator", "short_cnt", "counted_cnt")
    code = "fact.fixmedins_code"
    join = institution_join(code, filters, elsewhere=bool(listing.county)) if listing.has_institution else ""
    county = f"fact.{COUNTY}" if listing.county else county_of_code(code)
    facts = select(
        [
            *dimension_columns(kpi, month_of("fact.cal_date"), county),
            *[f"{sql} as {name}" for sql, name in zip(measured, names, strict=True)],
            "fact.row_cnt",
        ],
        f"{table} as fact{join}",
        ["fact.cal_date between $period_start and $period_end"],
    )
    return {"facts": facts, "listed": select(["*"], "facts", [kept_by(filters)])}


def day_table(kpi: Kpi) -> str:
    """The name of the table of sums by day."""
    return f"day_{kpi.id}"
