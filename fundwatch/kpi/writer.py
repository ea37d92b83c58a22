"""The one place that turns a declaration into a SELECT. Pure functions: declaration in, text out, no values in the text.

Each text is a chain of named steps that can be run alone: the shared ``step_*`` a declaration names, ``facts`` (rows of the
window with their dimensions), for groups ``qualified``, then ``listed``, the list behind the number. ``number_sql`` sums
``listed``, ``list_writer.list_sql`` selects it: so they agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from fundwatch.kpi.declaration import COUNTY, INSTITUTION_COLUMNS, INSTITUTION_DIMENSIONS, Kpi
from fundwatch.kpi.extras import extra_sql
from fundwatch.kpi.listing import ListColumn, Listing, Number, Part
from fundwatch.kpi.select import commas, select
from fundwatch.steps import chain, steps_used

#: prefix of the value lists that filters are bound to
FILTER = "filter_"
#: left join, so that a row whose institution nobody registered stays in, under 未登记
JOIN_INSTITUTION = "left join {register} as institution on institution.fixmedins_code = "
#: the register; and the one that also names, to the reader of one county, the institutions elsewhere that treated its insured
REGISTER, PROVIDERS = "dim_institution", "dim_provider"
UNDER_AGREEMENT = """exists (
        select 1 from fct_agreement as agreement
        where agreement.fixmedins_code = institution.fixmedins_code
        and agreement.efft_date <= {to} and agreement.end_date >= {from_}
    )"""


def number_sql(kpi: Kpi, split: Sequence[str], filters: Sequence[str] = ()) -> str:
    """One row per key of ``split`` (one row without): keys, numerator, denominator, row_cnt, no_value, extras.

    A split key appears when it has at least one row in the list.
    """
    return with_steps(kpi, list_steps(kpi, split, filters), sums_over(kpi, split, "count(*)"))


def counted_number_sql(kpi: Kpi, number: Number, split: Sequence[str], filters: Sequence[str] = ()) -> str:
    """The same columns and rows as ``number_sql``, from the sums that the declaration's ``number`` names."""
    cells = [f"dim_{dimension}" for dimension in split]
    facts = select(
        ["fact.*", *dimension_columns(kpi, month_of(number.date), _county(number))],
        _from(number, filters),
        [*_conditions(number), *[f"fact.{name} is not null" for name in number.key]],
    )
    measures = [*measure_columns(number.numerator, number.denominator), f"{number.row_cnt} as row_cnt"]
    grouped = [*number.key, *cells] if number.key else []
    listed = select([*cells, *measures], "facts", [kept_by(filters)], grouped)
    steps = {"facts": facts, "listed": listed + _cell_window(number, cells)}
    return chained(
        {**steps_used(number.sql_texts()), **steps}, sums_over(kpi, split, "coalesce(sum(row_cnt), 0)")
    )


def sums_over(kpi: Kpi, split: Sequence[str], row_cnt: str) -> str:
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
    listing, kept = kpi.listing, kept_by(filters)
    match listing.kind:
        case "rows":
            facts = _rows_facts(kpi, filters)
        case "state":
            facts = _state_facts(kpi)
        case "pair":
            facts = "\nunion all\n".join(_part_facts(kpi, part, filters) for part in listing.parts)
        case _:
            return _grouped(kpi, [f"dim_{dimension}" for dimension in split], filters)
    return {"facts": facts, "listed": select(["*"], "facts", [kept])}


def _rows_facts(kpi: Kpi, filters: Sequence[str]) -> str:
    listing = kpi.listing
    return select(
        [
            *[f"{_column_sql(column, 'fact')} as {column.name}" for column in kpi.columns],
            *dimension_columns(kpi, month_of(listing.date), _county(listing)),
            *measure_columns(listing.numerator, listing.denominator),
        ],
        _from(listing, filters),
        _conditions(listing),
    )


def _part_facts(kpi: Kpi, part: Part, filters: Sequence[str]) -> str:
    own = {"part": f"'{part.name}'", **part.columns}
    return select(
        [
            *[f"{own.get(column.name, 'null')} as {column.name}" for column in kpi.columns],
            *dimension_columns(kpi, part.month or month_of(part.date), _county(part)),
            *measure_columns(part.numerator, part.denominator),
        ],
        _from(part, filters),
        _conditions(part),
    )


def _state_facts(kpi: Kpi) -> str:
    """Institutions under agreement in the window: one row each, numerator 1 where the event exists."""
    listing = kpi.listing
    event = f"left join ({listing.event}) as event on institution.fixmedins_code = event.fixmedins_code"
    return select(
        [
            *[f"{_column_sql(column, 'institution')} as {column.name}" for column in kpi.columns],
            *dimension_columns(kpi, None, f"institution.{COUNTY}"),
            *measure_columns("case when event.fixmedins_code is not null then 1 else 0 end", "1"),
        ],
        f"{REGISTER} as institution\n{event}",
        [listing.where, UNDER_AGREEMENT.format(from_=listing.agreement_from, to=listing.agreement_to)],
    )


def _grouped(kpi: Kpi, cells: Sequence[str], filters: Sequence[str]) -> dict[str, str]:
    """One row per key, counted under each cell of the split it has a row in.

    A ``group`` qualifies over all rows of the window, before filters and split; what it shows is measured there too.
    """
    listing, kept = kpi.listing, kept_by(filters)
    facts = select(
        [
            "fact.*",
            *(["institution.fixmedins_name"] if listing.institution else []),
            *dimension_columns(kpi, month_of(listing.date), _county(listing)),
        ],
        _from(listing, filters),
        [*_conditions(listing), *[f"fact.{name} is not null" for name in listing.key]],
    )
    columns = [f"{column.sql or column.name} as {column.name}" for column in kpi.columns]
    if listing.kind == "distinct":
        measures = measure_columns(listing.numerator or "1", listing.denominator)
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


def dimension_columns(kpi: Kpi, month: str | None, county: str | None) -> list[str]:
    """Dimension columns, prefixed so that a list column may have the same name. ``county``: SQL of the row's county."""
    found = list(INSTITUTION_DIMENSIONS) if kpi.listing.has_institution else []
    sql = [f"institution.{name} as dim_{name}" for name in found]
    sql += [f"{county} as dim_{COUNTY}"] if found and county else []
    sql += [f"fact.{name} as dim_{name}" for name in own_dimensions(kpi)]
    return [*sql, f"{month} as dim_month"] if month else sql


def own_dimensions(kpi: Kpi) -> list[str]:
    """Dimensions that are columns of the fact."""
    return [name for name in kpi.dimensions if name not in (*INSTITUTION_DIMENSIONS, "month")]


def _column_sql(column: ListColumn, default: str) -> str:
    return column.sql or f"{'institution' if column.name in INSTITUTION_COLUMNS else default}.{column.name}"


def measure_columns(numerator: str | None, denominator: str | None) -> list[str]:
    # a blank amount adds 0
    return [f"coalesce({numerator}, 0) as numerator", f"coalesce({denominator or 'null'}, 0) as denominator"]


def month_of(date: str | None) -> str | None:
    return f"strftime({date}, '%Y-%m')" if date else None


def _county(source: Listing | Number | Part) -> str | None:
    """SQL of the row's county: the insured's where the source says so, else the institution's."""
    own = None if isinstance(source, Part) else source.county
    return own or (county_of_code(source.institution) if source.institution else None)


def county_of_code(code: str) -> str:
    """The county of an institution; of one that nobody registered what its code says."""
    return f"coalesce(institution.{COUNTY}, substring({code}, 2, 6))"


def _from(source: Listing | Number | Part, filters: Sequence[str]) -> str:
    elsewhere = not isinstance(source, Part) and bool(source.county)
    join = institution_join(source.institution, filters, elsewhere=elsewhere) if source.institution else ""
    return f"{source.source} as fact{join}"


def institution_join(code: str, filters: Sequence[str], *, elsewhere: bool) -> str:
    """The join of the institution; ``elsewhere``: a county's rows may lie at institutions of others."""
    register = PROVIDERS if elsewhere and COUNTY in filters else REGISTER
    return f"\n{JOIN_INSTITUTION.format(register=register)}{code}"


def _conditions(source: Listing | Number | Part) -> list[str | None]:
    return [source.date and f"{source.date} between $period_start and $period_end", source.where]


def kept_by(filters: Sequence[str]) -> str | None:
    """A filter keeps the rows whose value is in its list; NULL in the list means rows without that attribute (未登记)."""
    terms = [
        f"(list_contains(${FILTER}{name}, dim_{name}) or (dim_{name} is null and ${FILTER}{name}_blank))"
        for name in filters
    ]
    return " and ".join(terms) or None


def with_steps(kpi: Kpi, own: dict[str, str], final: str) -> str:
    return chained({**steps_used(kpi.listing.sql_texts()), **own}, final)


def chained(steps: dict[str, str], final: str) -> str:
    return f"with\n\n{chain(steps)}\n\n{final}"
