"""The one place that turns a declaration into a SELECT. Pure functions: declaration in, text out, no values in the text.

Each text is a chain of named steps that can be run alone: the shared ``step_*`` a declaration names, ``facts`` (rows of the
window with their dimensions), for groups ``qualified``, then ``listed``, the list behind the number. ``number_sql`` sums
``listed``, ``list_writer.list_sql`` selects it: so they agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from fundwatch.contracts import contracts
from fundwatch.kpi.declaration import INSTITUTION_COLUMNS, INSTITUTION_DIMENSIONS, Kpi
from fundwatch.kpi.extras import extra_sql
from fundwatch.kpi.listing import ListColumn, Listing, Number, Part
from fundwatch.kpi.select import commas, select
from fundwatch.steps import chain, steps_used

#: prefix of the value lists that filters are bound to
FILTER = "filter_"
#: left join, so that a row whose institution nobody registered stays in, under 未登记
JOIN_INSTITUTION = "left join dim_institution as institution on institution.fixmedins_code = "
#: of the rows in a sum by day: those that fall short and those that are counted (``list_writer.ONLY``)
DAY_COUNTS = (
    "cast(sum(case when numerator < denominator then 1 else 0 end) as bigint) as short_cnt",
    "cast(sum(case when numerator <> 0 then 1 else 0 end) as bigint) as counted_cnt",
)
UNDER_AGREEMENT = """exists (
        select 1 from fct_agreement as agreement
        where agreement.fixmedins_code = institution.fixmedins_code
        and agreement.efft_date <= {to} and agreement.end_date >= {from_}
    )"""


def number_sql(kpi: Kpi, split: Sequence[str], filters: Sequence[str] = ()) -> str:
    """One row per key of ``split`` (one row without): keys, numerator, denominator, row_cnt, no_value, extras.

    A split key appears when it has at least one row in the list.
    """
    return with_steps(kpi, list_steps(kpi, split, filters), _summed(kpi, split, "count(*)"))


def counted_number_sql(kpi: Kpi, number: Number, split: Sequence[str], filters: Sequence[str] = ()) -> str:
    """The same columns and rows as ``number_sql``, from the sums that the declaration's ``number`` names."""
    cells = [f"dim_{dimension}" for dimension in split]
    facts = select(
        ["fact.*", *_dimensions(kpi, _month(number.date))],
        _from(number),
        [*_conditions(number), *[f"fact.{name} is not null" for name in number.key]],
    )
    measures = [*_measures(number.numerator, number.denominator), f"{number.row_cnt} as row_cnt"]
    grouped = [*number.key, *cells] if number.key else []
    listed = select([*cells, *measures], "facts", [_kept(filters)], grouped)
    steps = {"facts": facts, "listed": listed + _cell_window(number, cells)}
    return _chain(
        {**steps_used(number.sql_texts()), **steps}, _summed(kpi, split, "coalesce(sum(row_cnt), 0)")
    )


def day_sql(kpi: Kpi) -> str:
    """The table that the build makes of a KPI with ``by_day``: the facts of all days, summed by ``day_keys``."""
    listing, keys = kpi.listing, day_keys(kpi)
    sql = {"cal_date": listing.date, "fixmedins_code": listing.institution}
    kept = bool(kpi.by_day and kpi.by_day.keep)
    measures = [] if kept else _measures(listing.numerator, listing.denominator)
    facts = select(
        [*[f"{sql.get(name, f'fact.{name}')} as {name}" for name in keys], *measures],
        f"{listing.source} as fact",
        [f"{listing.date} is not null", listing.where],
    )
    sums = [] if kept else ["sum(numerator) as numerator", "sum(denominator) as denominator", *DAY_COUNTS]
    summed = select([*keys, *sums, "count(*) as row_cnt"], "facts", group_by=keys)
    return _chain(
        {**steps_used([text for text in (listing.source, listing.where) if text]), "facts": facts}, summed
    )


def day_keys(kpi: Kpi) -> list[str]:
    """What the sums by day are kept apart by: month of the source where it is built by month, day, institution, dimensions."""
    days = kpi.by_day
    month = ["ym"] if day_months(kpi) else []
    institution = ["fixmedins_code"] if kpi.listing.has_institution else []
    return [*month, "cal_date", *institution, *_own_dimensions(kpi), *(days.keep if days else ())]


def day_months(kpi: Kpi) -> str | None:
    """The input whose months the sums by day follow; None: they are made whole."""
    days, source = kpi.by_day, kpi.listing.source or ""
    if days and days.months_of:
        return days.months_of
    contract = contracts().get(source.removeprefix("stg_"))
    return source if source.startswith("stg_") and contract and contract.by_month else None


def day_number_sql(kpi: Kpi, split: Sequence[str], filters: Sequence[str] = ()) -> str:
    """The same columns and rows as ``number_sql``, from the sums by day. Institutions are joined as they are in the register now."""
    return _chain(day_steps(kpi, filters), _summed(kpi, split, "coalesce(sum(row_cnt), 0)"))


def day_totals_sql(kpi: Kpi, filters: Sequence[str] = ()) -> str:
    """The same row as ``list_writer.totals_sql`` of the whole list, from the sums by day."""
    counts = [
        f"cast(coalesce(sum({name}_cnt), 0) as bigint) as {name}_cnt" for name in ("row", "short", "counted")
    ]
    sums = ["sum(numerator) as numerator", f"{'sum(denominator)' if kpi.is_ratio else 'null'} as denominator"]
    return _chain(day_steps(kpi, filters), select([*sums, *counts], "listed"))


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
    join = f"\n{JOIN_INSTITUTION}fact.fixmedins_code" if listing.has_institution else ""
    facts = select(
        [
            *_dimensions(kpi, _month("fact.cal_date")),
            *[f"{sql} as {name}" for sql, name in zip(measured, names, strict=True)],
            "fact.row_cnt",
        ],
        f"{table} as fact{join}",
        ["fact.cal_date between $period_start and $period_end"],
    )
    return {"facts": facts, "listed": select(["*"], "facts", [_kept(filters)])}


def day_table(kpi: Kpi) -> str:
    """The name of the table of sums by day."""
    return f"day_{kpi.id}"


def _summed(kpi: Kpi, split: Sequence[str], row_cnt: str) -> str:
    """The sums over ``listed``; ``row_cnt`` counts the rows of the list."""
    keys = [f"dim_{dimension}" for dimension in split]
    columns = [
        *[f"dim_{dimension} as key_{dimension}" for dimension in split],
        "sum(numerator) as numerator",
        f"{'sum(denominator)' if kpi.is_ratio else 'null'} as denominator",
        f"{row_cnt} as row_cnt",
        f"{kpi.no_value or 'null'} as no_value",
        *[f"{sql} as extra_{name}" for name, text in kpi.extra.items() if (sql := extra_sql(text))],
    ]
    return select(columns, "listed", group_by=keys)


def list_steps(kpi: Kpi, split: Sequence[str], filters: Sequence[str]) -> dict[str, str]:
    """Step name → select, in order; the last one is ``listed``."""
    listing, kept = kpi.listing, _kept(filters)
    match listing.kind:
        case "rows":
            facts = _rows_facts(kpi)
        case "state":
            facts = _state_facts(kpi)
        case "pair":
            facts = "\nunion all\n".join(_part_facts(kpi, part) for part in listing.parts)
        case _:
            return _grouped(kpi, [f"dim_{dimension}" for dimension in split], kept)
    return {"facts": facts, "listed": select(["*"], "facts", [kept])}


def _rows_facts(kpi: Kpi) -> str:
    listing = kpi.listing
    return select(
        [
            *[f"{_column_sql(column, 'fact')} as {column.name}" for column in kpi.columns],
            *_dimensions(kpi, _month(listing.date)),
            *_measures(listing.numerator, listing.denominator),
        ],
        _from(listing),
        _conditions(listing),
    )


def _part_facts(kpi: Kpi, part: Part) -> str:
    own = {"part": f"'{part.name}'", **part.columns}
    return select(
        [
            *[f"{own.get(column.name, 'null')} as {column.name}" for column in kpi.columns],
            *_dimensions(kpi, part.month or _month(part.date)),
            *_measures(part.numerator, part.denominator),
        ],
        _from(part),
        _conditions(part),
    )


def _state_facts(kpi: Kpi) -> str:
    """Institutions under agreement in the window: one row each, numerator 1 where the event exists."""
    listing = kpi.listing
    event = f"left join ({listing.event}) as event on institution.fixmedins_code = event.fixmedins_code"
    return select(
        [
            *[f"{_column_sql(column, 'institution')} as {column.name}" for column in kpi.columns],
            *_dimensions(kpi, None),
            *_measures("case when event.fixmedins_code is not null then 1 else 0 end", "1"),
        ],
        f"dim_institution as institution\n{event}",
        [listing.where, UNDER_AGREEMENT.format(from_=listing.agreement_from, to=listing.agreement_to)],
    )


def _grouped(kpi: Kpi, cells: Sequence[str], kept: str) -> dict[str, str]:
    """One row per key, counted under each cell of the split it has a row in.

    A ``group`` qualifies over all rows of the window, before filters and split; what it shows is measured there too.
    """
    listing = kpi.listing
    facts = select(
        [
            "fact.*",
            *(["institution.fixmedins_name"] if listing.institution else []),
            *_dimensions(kpi, _month(listing.date)),
        ],
        _from(listing),
        [*_conditions(listing), *[f"fact.{name} is not null" for name in listing.key]],
    )
    columns = [f"{column.sql or column.name} as {column.name}" for column in kpi.columns]
    if listing.kind == "distinct":
        measures = _measures(listing.numerator or "1", listing.denominator)
        listed = select([*columns, *cells, *measures], "facts", [kept], [*listing.key, *cells])
        return {"facts": facts, "listed": listed + _cell_window(listing, cells)}
    qualified = select(columns, "facts", group_by=listing.key) + f"\nhaving {listing.having}"
    joined = f"facts inner join qualified using ({commas(listing.key)})"
    listed = select(["distinct qualified.*", *cells, "1 as numerator"], joined, [kept])
    return {"facts": facts, "qualified": qualified, "listed": listed}


def _cell_window(listing: Listing | Number, cells: Sequence[str]) -> str:
    """The window ``cell`` that measures of a distinct list may use: the rows of one cell, in the order of the key."""
    if not any("over cell" in measure for measure in (listing.numerator, listing.denominator) if measure):
        return ""
    parts = f"partition by {commas(cells)} " if cells else ""
    return f"\nwindow cell as ({parts}order by {commas(listing.key)})"


def _dimensions(kpi: Kpi, month: str | None) -> list[str]:
    """Dimension columns, prefixed so that a list column may have the same name."""
    found = list(INSTITUTION_DIMENSIONS) if kpi.listing.has_institution else []
    sql = [f"institution.{name} as dim_{name}" for name in found]
    sql += [f"fact.{name} as dim_{name}" for name in _own_dimensions(kpi)]
    return [*sql, f"{month} as dim_month"] if month else sql


def _own_dimensions(kpi: Kpi) -> list[str]:
    """Dimensions that are columns of the fact."""
    return [name for name in kpi.dimensions if name not in (*INSTITUTION_DIMENSIONS, "month")]


def _column_sql(column: ListColumn, default: str) -> str:
    return column.sql or f"{'institution' if column.name in INSTITUTION_COLUMNS else default}.{column.name}"


def _measures(numerator: str | None, denominator: str | None) -> list[str]:
    # a blank amount adds 0
    return [f"coalesce({numerator}, 0) as numerator", f"coalesce({denominator or 'null'}, 0) as denominator"]


def _month(date: str | None) -> str | None:
    return f"strftime({date}, '%Y-%m')" if date else None


def _from(source: Listing | Number | Part) -> str:
    join = f"\n{JOIN_INSTITUTION}{source.institution}" if source.institution else ""
    return f"{source.source} as fact{join}"


def _conditions(source: Listing | Number | Part) -> list[str | None]:
    return [source.date and f"{source.date} between $period_start and $period_end", source.where]


def _kept(filters: Sequence[str]) -> str | None:
    """A filter keeps the rows whose value is in its list; NULL in the list means rows without that attribute (未登记)."""
    terms = [
        f"(list_contains(${FILTER}{name}, dim_{name}) or (dim_{name} is null and ${FILTER}{name}_blank))"
        for name in filters
    ]
    return " and ".join(terms) or None


def with_steps(kpi: Kpi, own: dict[str, str], final: str) -> str:
    return _chain({**steps_used(kpi.listing.sql_texts()), **own}, final)


def _chain(steps: dict[str, str], final: str) -> str:
    return f"with\n\n{chain(steps)}\n\n{final}"
