"""Small cells: what leaves the bureau names no count of fewer than ``small_cell_min`` persons, visits or settlements.

A cell of 1 up to the threshold reads ``<5``. So that a total does not give it away, further cells of its column are left out,
the smallest first, until at least two are and together they are no small number; the same with the single small cell of a row
of three and more counts in one unit. Rows at the level of a person or claim and free text do not leave at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pyarrow as pa

from fundwatch.access import FREE_TEXT, PERSONAL_COLUMNS
from fundwatch.errors import UserError
from fundwatch.screens.fields import Field
from fundwatch.settings import Settings, Values

PARAMETER = "small_cell_min"
#: units that count persons or what one person had
PERSON_UNITS = frozenset({"人", "人次", "笔"})
LEFT_OUT = "隐去"
PERSONAL_STAYS = "含个人级明细的清单不能对外提供。请导出汇总表,或去掉“对外提供”。"
#: columns of a row that add up to each other are at least two parts and their total
PARTS_AND_TOTAL = 3

Cell = tuple[int, str]


@dataclass(frozen=True)
class Outside:
    """A table as it may leave: its fields (a column with something left out is text), and how many cells are left out."""

    rows: pa.Table
    fields: list[Field]
    small: int
    more: int
    touched: frozenset[str]


def threshold(settings: Settings | Values, on: dt.date) -> int:
    """The least count that may be named on that day."""
    return int(settings.get(PARAMETER, on) or 0)


def words(least: int, small: int, more: int) -> str:
    """What the sheet 口径 says of it."""
    return (
        f"对外提供:不含个人级明细和案件文字;人数、人次、结算笔数小于 {least} 的 {small} 格写作“<{least}”,"
        f"为防止由合计推出另有 {more} 格写作“{LEFT_OUT}”。空白为没有数值,0 照写。"
    )


def is_personal(fields: Sequence[Field]) -> bool:
    """Whether the rows are of single persons or claims, whoever sees those columns."""
    return any(field.name in PERSONAL_COLUMNS for field in fields)


def protected(rows: pa.Table, fields: Sequence[Field], least: int) -> Outside:
    """The table with its small cells left out. Raises UserError for rows at the level of a person or claim."""
    if is_personal(fields):
        raise UserError(PERSONAL_STAYS)
    kept = [field for field in fields if field.name in rows.column_names and field.name not in FREE_TEXT]
    counts, loose = _counts(rows, kept)
    small = {cell for cell, value in {**counts, **loose}.items() if 0 < value < least}
    hidden = set(small)
    while extra := next(_next(counts, hidden, kept, least), None):
        hidden.add(extra)
    columns = {name: rows.column(name) for name in rows.column_names if name not in FREE_TEXT}
    touched = {name for _, name in hidden}
    for name in touched:
        texts = [None if value is None else str(value) for value in rows.column(name).to_pylist()]
        for place, own in hidden:
            if own == name:
                texts[place] = f"<{least}" if (place, own) in small else LEFT_OUT
        columns[name] = pa.chunked_array([pa.array(texts, pa.string())])
    shown = [replace(field, kind="text", codes=None) if field.name in touched else field for field in kept]
    return Outside(pa.table(columns), shown, len(small), len(hidden) - len(small), frozenset(touched))


def _counts(rows: pa.Table, fields: Sequence[Field]) -> tuple[dict[Cell, Decimal], dict[Cell, Decimal]]:
    """The counts of persons: those of columns, and single ones in a column that takes each row's unit."""
    counts: dict[Cell, Decimal] = {}
    loose: dict[Cell, Decimal] = {}
    for field in fields:
        values = rows.column(field.name)
        if not (pa.types.is_integer(values.type) or pa.types.is_decimal(values.type)):
            continue
        units = _units(rows, field)
        for place, value in enumerate(values.to_pylist()):
            unit = units[place] if units else field.unit
            if value is not None and unit in PERSON_UNITS:
                (loose if units else counts)[place, field.name] = Decimal(value)
    return counts, loose


def _units(rows: pa.Table, field: Field) -> list[str | None]:
    """The unit of each row, where a table of indicators has one."""
    for name in (f"{field.name}_unit", "unit"):
        if field.unit is None and name in rows.column_names:
            return rows.column(name).to_pylist()
    return []


def _next(
    counts: dict[Cell, Decimal], hidden: set[Cell], fields: Sequence[Field], least: int
) -> Iterator[Cell]:
    """Cells that must go too, the most urgent first."""
    for name in dict.fromkeys(name for _, name in counts):
        own = [cell for cell in counts if cell[1] == name]
        gone = [cell for cell in own if cell in hidden]
        if gone and (len(gone) == 1 or sum(counts[cell] for cell in gone) < least):
            yield from _smallest(counts, own, hidden)
    units = {field.name: field.unit for field in fields}
    for place, unit in dict.fromkeys((cell[0], units[cell[1]]) for cell in hidden if cell in counts):
        own = [cell for cell in counts if cell[0] == place and units[cell[1]] == unit]
        if len(own) >= PARTS_AND_TOTAL and sum(cell in hidden for cell in own) == 1:
            yield from _smallest(counts, own, hidden)


def _smallest(counts: dict[Cell, Decimal], own: Sequence[Cell], hidden: set[Cell]) -> Iterator[Cell]:
    left = [cell for cell in own if cell not in hidden and counts[cell] > 0]
    if left:
        yield min(left, key=lambda cell: (counts[cell], cell))
