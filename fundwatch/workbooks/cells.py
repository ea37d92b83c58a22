"""Values as cells of a workbook: number formats by kind, ids as text, nothing that a spreadsheet would run."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fundwatch.contracts import code_lists
from fundwatch.export.files import XLSX_DECIMALS
from fundwatch.export.text import neutral
from fundwatch.screens.fields import Field
from fundwatch.ui import numbers
from fundwatch.workbooks.parts import UNIT_OF, Part

MONEY, WHOLE, HUNDREDTHS = "#,##0.00", "#,##0", "0.00"
#: kind of a field → number format; whatever is not here is text
FORMATS = {
    "amount": MONEY, "price": "#,##0.00##", "quantity": "#,##0.00", "percent": "#,##0.00", "score": "#,##0.0", "int": WHOLE,
    "year": "0", "date": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm:ss", "ym": 'yyyy"年"m"月"', "coordinate": "0.000000",
}  # fmt: skip
TEXT = "@"
FLAGS = {"1": "是", "0": "否"}
NARROWEST = 8
#: rows that decide a column's width
LOOKED_AT = 300
#: a row is never higher than this many lines; the cell holds the rest
MOST_LINES = 16


def unit_of(part: Part, field: Field) -> str | None:
    """The unit of a column: that of its field; amounts without a fixed one in 万元 unless all are below 1 万元."""
    if field.kind != "amount":
        return field.unit
    if part.money:
        return part.money
    least_most = pc.min_max(part.rows.column(field.name)).as_py()
    return numbers.money_unit([least_most["min"], least_most["max"]])


def format_of(kind: str, unit: str | None = None) -> str:
    """The number format of a cell; a ``value`` has that of its own unit."""
    if kind == "value":
        return MONEY if unit in ("元", "万元") else WHOLE if unit in numbers.COUNTS else HUNDREDTHS
    return FORMATS.get(kind, TEXT)


def cell_value(value: Any, field: Field, unit: str | None) -> Any:  # noqa: PLR0911
    """The value that is written: exact, in the column's unit; text where a spreadsheet has no such number."""
    if value is None:
        return None
    if field.codes:
        return neutral(code_lists()[field.codes].get(str(value), str(value)))
    match value:
        case bool():
            return "是" if value else "否"
        case int() | Decimal():
            return _number(value, field, unit)
        case dt.datetime():
            return value.replace(tzinfo=None)
        case dt.date():
            return value
    return FLAGS.get(str(value), neutral(str(value))) if field.kind == "flag" else neutral(str(value))


def _number(value: int | Decimal, field: Field, unit: str | None) -> int | Decimal | str:
    scaled = Decimal(value) / numbers.WAN if field.kind == "amount" and unit == "万元" else value
    # A spreadsheet's number is a double: 15 digits are exact. Of a quotient no more is asked.
    exact = len(Decimal(scaled).normalize().as_tuple().digits) <= XLSX_DECIMALS
    return scaled if exact or field.kind in ("percent", "score", "value") else format(scaled, "f")


def columns_of(part: Part) -> list[list[tuple[Any, str]]]:
    """Per field its cells: what is written and its number format."""
    found = []
    for field in part.fields:
        unit = unit_of(part, field)
        values = part.rows.column(field.name).to_pylist()
        units = [unit] * len(values)
        for beside in ("unit", f"{field.name}{UNIT_OF}"):
            if field.kind == "value" and beside in part.rows.column_names:
                units = part.rows.column(beside).to_pylist()
        found.append([
            (cell_value(value, field, one), format_of(field.kind, one))
            for value, one in zip(values, units, strict=True)
        ])  # fmt: skip
    return found


def width_of(header: str, cells: Sequence[tuple[Any, str]], widest: int) -> float:
    """A column's width in characters: its longest cell within limits; a long header wraps."""
    longest = max((_width(_printed(value, form)) for value, form in cells[:LOOKED_AT]), default=0)
    return max(NARROWEST, min(widest, max(longest, min(_width(header), 16)) + 2))


def lines_of(text: str, width: float) -> int:
    """How many lines a wrapped text takes in a column of this width; at most ``MOST_LINES``."""
    if len(text) * 2 <= width - 1 and "\n" not in text:
        return 1
    room = max(1, int(width) - 2)
    return min(MOST_LINES, sum(max(1, -(-_width(line) // room)) for line in text.splitlines() or [""]))


def column_names(part: Part) -> dict[str, int]:
    """Field name → column of the sheet."""
    return {field.name: place for place, field in enumerate(part.fields)}


def known(column: pa.ChunkedArray) -> bool:
    """Whether any row has a value there."""
    return column.null_count < len(column)


def _printed(value: Any, form: str) -> str:
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        return f"{value:,.2f}" if "." in form else f"{value:,.0f}"
    return form.replace('"', "") if isinstance(value, dt.date) else str(value)


def _width(text: str) -> int:
    lines = text.splitlines() or [""]
    return max(sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line) for line in lines)
