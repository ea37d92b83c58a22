"""The one place that turns a declaration into a SELECT. Pure functions: declaration in, text out, no values in the text.

Each text is a chain of named steps that can be run alone: ``facts`` (rows of the window with their dimensions), for groups
``qualified``, then ``listed`` (the list behind the number). ``number_sql`` sums ``listed``; ``list_sql`` selects it.
"""

from __future__ import annotations

from collections.abc import Sequence

from fundwatch.kpi.declaration import (
    INSTITUTION_COLUMNS,
    INSTITUTION_DIMENSIONS,
    Kpi,
    ListColumn,
    Listing,
    Part,
)
from fundwatch.kpi.value import BUILT_IN_EXTRAS

#: prefix of the value lists that filters are bound to
FILTER = "filter_"


def number_sql(kpi: Kpi, split: Sequence[str], filters: Sequence[str] = ()) -> str:
    """One row per key of ``split`` (one row without): key columns, numerator, denominator, row_cnt, no_value, extras.

    A split key appears when it has at least one row in the list.
    """
    keys = [f"dim_{dimension} as key_{dimension}" for dimension in split]
    denominator = "coalesce(sum(denominator), 0)" if kpi.is_ratio else "null"
    measures = [
        "coalesce(sum(numerator), 0) as numerator",
        f"{denominator} as denominator",
        "count(*) as row_cnt",
        f"{kpi.no_value or 'null'} as no_value",
        *[f"{sql} as extra_{name}" for name, sql in kpi.extra.items() if sql not in BUILT_IN_EXTRAS],
    ]
    text = f"{_steps(kpi, split, filters)}\nselect {_commas([*keys, *measures])}\nfrom listed"
    if split:
        text += "\ngroup by all\norder by all"
    return text


def list_sql(kpi: Kpi, filters: Sequence[str] = ()) -> str:
    """The list: the declared columns, then numerator and denominator (NULL for counts and amounts)."""
    denominator = "denominator" if kpi.is_ratio else "null as denominator"
    names = [column.name for column in kpi.columns]
    return f"{_steps(kpi, (), filters)}\nselect {_commas([*names, 'numerator', denominator])}\nfrom listed\norder by all"


def _steps(kpi: Kpi, split: Sequence[str], filters: Sequence[str]) -> str:
    listing, kept = kpi.listing, _kept(filters)
    match listing.kind:
        case "rows":
            facts = _rows_facts(kpi)
        case "state":
            facts = _state_facts(kpi)
        case "pair":
            facts = "\n    union all\n".join(_part_facts(kpi, part) for part in listing.parts)
        case _:
            return _grouped(kpi, split, kept)
    return f"with facts as (\n{facts}\n),\nlisted as (\n    select * from facts where {kept}\n)"


def _rows_facts(kpi: Kpi) -> str:
    listing = kpi.listing
    columns = [f"{_column_sql(column, 'fact')} as {column.name}" for column in kpi.columns]
    return _select(
        [*columns, *_dimensions(kpi, _month(listing.date)), *_measures(listing.numerator, listing.denominator)],
        listing, [listing.date and f"{listing.date} between $start and $end", listing.where],
    )  # fmt: skip


def _part_facts(kpi: Kpi, part: Part) -> str:
    own = {"part": f"'{part.name}'", **part.columns}
    columns = [f"{own.get(column.name, 'null')} as {column.name}" for column in kpi.columns]
    month = part.month or _month(part.date)
    return _select(
        [*columns, *_dimensions(kpi, month), *_measures(part.numerator, part.denominator)],
        part, [part.date and f"{part.date} between $start and $end", part.where],
    )  # fmt: skip


def _state_facts(kpi: Kpi) -> str:
    """Institutions under agreement in the window: one row each, numerator 1 where the event exists."""
    listing = kpi.listing
    columns = [f"{_column_sql(column, 'institution')} as {column.name}" for column in kpi.columns]
    numerator = "case when event.fixmedins_code is not null then 1 else 0 end as numerator"
    return f"""    select {_commas([*columns, *_dimensions(kpi, None), numerator, "1 as denominator"])}
    from dim_institution as institution
    left join ({listing.event}) as event on institution.fixmedins_code = event.fixmedins_code
    where ({listing.where or "true"}) and exists (
        select 1 from fct_agreement as agreement
        where agreement.fixmedins_code = institution.fixmedins_code
        and agreement.efft_date <= {listing.agreement_to} and agreement.end_date >= {listing.agreement_from}
    )"""


def _grouped(kpi: Kpi, split: Sequence[str], kept: str) -> str:
    """One row per key, counted under each cell of the split it has a row in.

    A ``group`` qualifies over all rows of the window, before filters and split; what it shows is measured there too.
    """
    listing = kpi.listing
    facts = _select(
        ["fact.*", *(["institution.fixmedins_name"] if listing.institution else []), *_dimensions(kpi, _month(listing.date))],
        listing, [listing.date and f"{listing.date} between $start and $end", listing.where,
                  *[f"fact.{name} is not null" for name in listing.key]],
    )  # fmt: skip
    columns = [f"{column.sql or column.name} as {column.name}" for column in kpi.columns]
    key, cells = _commas(listing.key), [f"dim_{dimension}" for dimension in split]
    if listing.kind == "distinct":
        listed = f"select {_commas([*columns, *cells, '1 as numerator'])} from facts where {kept} group by {_commas([*listing.key, *cells])}"
        return f"with facts as (\n{facts}\n),\nlisted as (\n    {listed}\n)"
    qualified = f"select {_commas(columns)} from facts group by {key} having {listing.having}"
    listed = f"select distinct {_commas(['qualified.*', *cells, '1 as numerator'])} from facts inner join qualified using ({key}) where {kept}"
    return f"with facts as (\n{facts}\n),\nqualified as (\n    {qualified}\n),\nlisted as (\n    {listed}\n)"


def _select(columns: list[str], source: Listing | Part, conditions: list[str | None]) -> str:
    join = ""
    if source.institution:
        join = f"\n    left join dim_institution as institution on institution.fixmedins_code = {source.institution}"
    where = " and ".join(f"({condition})" for condition in conditions if condition) or "true"
    return f"    select {_commas(columns)}\n    from {source.source} as fact{join}\n    where {where}"


def _dimensions(kpi: Kpi, month: str | None) -> list[str]:
    """Dimension columns, prefixed so that a list column may have the same name."""
    found = [
        f"institution.{name} as dim_{name}" for name in INSTITUTION_DIMENSIONS if kpi.listing.has_institution
    ]
    found += [
        f"fact.{name} as dim_{name}"
        for name in kpi.dimensions
        if name not in (*INSTITUTION_DIMENSIONS, "month")
    ]
    return [*found, f"{month} as dim_month"] if month else found


def _column_sql(column: ListColumn, default: str) -> str:
    return column.sql or f"{'institution' if column.name in INSTITUTION_COLUMNS else default}.{column.name}"


def _measures(numerator: str | None, denominator: str | None) -> list[str]:
    # a blank amount adds 0
    return [f"coalesce({numerator}, 0) as numerator", f"coalesce({denominator or 'null'}, 0) as denominator"]


def _month(date: str | None) -> str | None:
    return f"strftime({date}, '%Y-%m')" if date else None


def _kept(filters: Sequence[str]) -> str:
    """NULL in a filter's list means rows without that attribute (未登记)."""
    terms = [
        f"(list_contains(${FILTER}{name}, dim_{name}) or (dim_{name} is null and ${FILTER}{name}_blank))"
        for name in filters
    ]
    return " and ".join(terms) or "true"


def _commas(items: Sequence[str]) -> str:
    return ", ".join(items)
