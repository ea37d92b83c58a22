"""The generic list behind a number: which cell of a split is asked, the split as a table, and where a row leads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fundwatch.contracts import code_lists
from fundwatch.kpi import DIMENSION_LABELS, Kpi, KpiValue, Totals
from fundwatch.screens.fields import Field, Paged, kpi_fields
from fundwatch.screens.sides import Side, sides_of_rows, sides_of_values
from fundwatch.ui import numbers

#: how an address writes a key that no row of the register knows
UNREGISTERED = "未登记"
#: address parameter of a cross-tab's cell: kpi:dimension:key, once per dimension
CELL = "cell"
#: dimensions that the filter bar has; a cell of these is a filter
BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code", "insutype")
SIDES = ("numerator", "denominator")
UNIT = {"amount": "元"}
LEVELS = ("三级", "二级", "一级", "未定级", "药店")
Cell = dict[str, str | None]
MONTH = re.compile(r"[1-9]\d{3}-(0[1-9]|1[0-2])", re.ASCII)
#: column of a list → (screen, its parameter), the most particular first
LEADS_TO = (
    ("setl_id", "case", "setl_id"),
    ("case_id", "case", "case_id"),
    ("mdtrt_id", "case", "mdtrt_id"),
    ("fixmedins_code", "institution", "code"),
)
#: what a row says about one part of its claim or case; goes along, so that the next screen names that part
PART_OF_CASE = ("doc_suspt_id", "warn_rslt_id", "handle_id")
#: parameters that identify what 个案详情 shows; a new row never keeps those of the row before it
IDENTITIES = ("setl_id", "case_id", "mdtrt_id", "ym", "hit", *PART_OF_CASE)


def cell_of(kpi: Kpi, given: Mapping[str, Sequence[str]]) -> Cell:
    """The cell of a split that an address names: dimensions of the KPI that are not in the filter bar, and 未登记 of any.

    A cell of a cross-tab stands in ``CELL``, whole: its dimensions are no filters that a person set, so they do not go along to
    other screens or back. One of another KPI is left out.
    """
    found: Cell = {}
    for text in given.get(CELL, ()):
        owner, name, value = [*text.split(":", 2), "", ""][:3]
        if owner == kpi.id and name in kpi.splits(by_county=True):
            found[name] = None if value == UNREGISTERED else value
    for name in (*kpi.splittable, "fixmedins_code"):
        values = list(given.get(name, ()))
        if name in found or len(values) != 1 or name not in {*kpi.splittable, *kpi.filterable}:
            continue
        if values[0] == UNREGISTERED:
            found[name] = None
        elif name not in BAR:
            found[name] = values[0]
    return found


def question(
    kpi: Kpi, chosen: Mapping[str, Sequence[str]], cell: Cell
) -> tuple[dict[str, list[str | None]], Cell]:
    """Filters and key for the engine: of a cell, what the engine can filter by becomes a filter, the rest is the key."""
    filters: dict[str, list[str | None]] = {
        name: list(codes) for name, codes in chosen.items() if name not in cell
    }
    filters |= {name: [key] for name, key in cell.items() if name in kpi.filterable}
    return filters, {name: key for name, key in cell.items() if name not in kpi.filterable}


def of_cell(values: Sequence[KpiValue], key: Cell) -> list[KpiValue]:
    """The values of one cell among those split by the cell's dimensions; per insurance type where a KPI always is."""
    return [number for number in values if all(number.cell.get(name) == part for name, part in key.items())]


def key_words(name: str, key: str | None, words: Mapping[str, str]) -> str:
    """A key as a person reads it: the town's name, 2024年6月, the handling's word; 未登记 for None."""
    if key is None:
        return UNREGISTERED
    if name == "month" and MONTH.fullmatch(key):
        return numbers.month(key)
    # a month that is none comes from an address only; it is shown as it was written
    return words.get(key) or code_lists().get(name, {}).get(key, key)


def cell_words(cell: Cell, words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Dimension → 月份:2024年6月."""
    return {
        name: f"{DIMENSION_LABELS[name]}:{key_words(name, key, words.get(name, {}))}"
        for name, key in cell.items()
    }


def splits(kpi: Kpi, cell: Cell, *, by_county: bool = False) -> list[str]:
    """The dimensions that the KPI may still be split by; ``by_county`` where several counties can be told apart."""
    return [name for name in kpi.splits(by_county=by_county) if name not in cell and name != kpi.always_by]


def split_table(
    kpi: Kpi, by: str, values: Sequence[KpiValue], words: Mapping[str, str]
) -> tuple[pa.Table, list[Field]]:
    """The split as a list: key, its word, value, numerator, denominator; in the dimension's own order, never by rank."""
    ordered = sorted(values, key=lambda number: _order(by, number.key))
    first, second = sides_of_values(values)
    columns: dict[str, pa.Array] = {
        "key": pa.array(
            [number.key if number.key is not None else UNREGISTERED for number in ordered], pa.string()
        ),
        "label": pa.array([_label(kpi, by, number, words) for number in ordered], pa.string()),
        "value": pa.array([_rounded(number.value, 2) for number in ordered], pa.decimal128(24, 2)),
        "numerator": _sides([number.numerator for number in ordered], first),
    }
    fields = [Field("label", DIMENSION_LABELS[by])]
    if kpi.is_ratio:
        fields.append(
            Field("value", kpi.label, "percent" if kpi.unit == "%" else "score", numbers.list_unit(kpi.unit))
        )
        columns["denominator"] = _sides([number.denominator or Decimal(0) for number in ordered], second)
    fields.append(
        Field(
            "numerator",
            "分子" if kpi.is_ratio else kpi.label,
            first,
            UNIT.get(first) or (None if kpi.is_ratio else kpi.unit),
        )
    )
    if kpi.is_ratio:
        fields.append(Field("denominator", "分母", second, UNIT.get(second)))
    return pa.table(columns), fields


def fields_of(kpi: Kpi, rows: pa.Table | Paged) -> list[Field]:
    """The list's columns; the two sides as counts or as 元, by the type they have in the rows."""
    kinds = dict(zip(SIDES, sides_of_rows(rows), strict=True))
    return [
        replace(field, kind=kinds[field.name], unit=UNIT.get(kinds[field.name]))
        if field.name in SIDES
        else field
        for field in kpi_fields(kpi)
    ]


def has_shortfall(kpi: Kpi) -> bool:
    """Whether rows can fall short: a ratio where more is better, each row with its own share of both sides."""
    return kpi.is_ratio and kpi.better == "higher" and kpi.listing.kind in ("rows", "state")


def can_be_counted(kpi: Kpi) -> bool:
    """Whether a list holds rows of the denominator among which those of the numerator are what a person looks for: the rejected
    documents among those declared, the overdue ones among those reviewed."""
    return kpi.is_ratio and kpi.better != "higher" and kpi.listing.kind in ("rows", "state")


def counted(rows: pa.Table) -> pa.Table:
    """The rows that stand in the numerator."""
    return rows.filter(pc.not_equal(rows.column("numerator"), 0))


def short_of(rows: pa.Table) -> pa.Table:
    """The rows that keep the ratio down: less in the numerator than in the denominator."""
    return rows.filter(pc.less(rows.column("numerator"), rows.column("denominator")))


def destination(row: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
    """The screen a row opens and its parameters: the claim or case where there is one (with the suspicion, reminder or handling
    that the row is), the settlement of its visit, else the institution."""
    for column, screen, parameter in LEADS_TO:
        if row.get(column):
            parts = PART_OF_CASE if screen == "case" else ()
            return screen, {parameter: str(row[column])} | {
                name: str(row[name]) for name in parts if row.get(name)
            }
    return None


def adds_up(rows: pa.Table | Totals, values: Sequence[KpiValue]) -> bool:
    """Whether the list's rows sum to the two sides of the number (of the insurance types together, where there are several):
    the proof that a number and its list are the same rows. Of a long list its totals are compared."""
    return all(
        _total(rows, side) == sum((getattr(number, side) or Decimal(0) for number in values), Decimal(0))
        for side in SIDES
        if any(getattr(number, side) is not None for number in values)
    )


def _total(rows: pa.Table | Totals, name: str) -> Decimal:
    if isinstance(rows, Totals):
        return getattr(rows, name) or Decimal(0)
    return Decimal(pc.sum(rows.column(name)).as_py() or 0)


def _label(kpi: Kpi, by: str, number: KpiValue, words: Mapping[str, str]) -> str:
    """The word of a key; of a crossed split (险种 and month) both."""
    if kpi.always_by and kpi.always_by != by and number.key is not None:
        fund, _, rest = number.key.partition(",")
        return f"{key_words(kpi.always_by, fund, {})} {key_words(by, rest, words)}"
    return key_words(by, number.key, words)


def _order(by: str, key: str | None) -> tuple[bool, int, str]:
    place = LEVELS.index(key) if by == "level_class" and key in LEVELS else 0
    return key is None, place, key or ""


def _rounded(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else numbers.rounded(value, places)


def _sides(values: Sequence[Decimal], kind: Side) -> pa.Array:
    if kind == "int":
        return pa.array([int(value) for value in values], pa.int64())
    return pa.array([numbers.rounded(value, 2) for value in values], pa.decimal128(24, 2))
