"""A list as CSV (UTF-8 with BOM) or XLSX (sheets 数据, 口径): exact amounts, codes as text, no formulas."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import pyarrow as pa
import xlsxwriter

from fundwatch.contracts import code_lists
from fundwatch.errors import UserError

#: xlsxwriter is pure Python and keeps other sessions waiting: 100,000 rows took 12 s; longer lists go as CSV
XLSX_ROWS = 50_000
#: a cell that begins with one of these is read as a formula by spreadsheet programs
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
XLSX_DECIMALS = 15


@dataclass(frozen=True)
class Column:
    """One column of an export: field name, header with unit, and the list that turns its codes into words."""

    name: str
    header: str
    codes: str | None = None


@dataclass(frozen=True)
class Exported:
    """A finished file and what the log keeps of it."""

    content: bytes
    rows: int
    sha256: str


class Rows(Protocol):
    """What an export needs of its rows: a table, or a list that is read piece by piece."""

    @property
    def schema(self) -> pa.Schema: ...

    @property
    def column_names(self) -> list[str]: ...

    @property
    def num_rows(self) -> int: ...

    def to_batches(self, max_chunksize: int | None = None) -> Iterable[pa.RecordBatch]: ...


def as_csv(rows: Rows, columns: Sequence[Column]) -> Exported:
    """CSV that Excel opens as Chinese; decimals keep their places (1286.30). Piece by piece: only the file itself is held whole."""
    target, written = io.BytesIO(), 0
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutral(column.header) for column in columns])
    for batch in rows.to_batches(max_chunksize=10_000):
        cells = [_cells(batch.column(column.name).to_pylist(), column) for column in columns]
        writer.writerows(zip(*cells, strict=True))
        written += batch.num_rows
    text.flush()
    return _exported(target.getvalue(), written)


def as_xlsx(rows: Rows, columns: Sequence[Column], about: Sequence[tuple[str, str]]) -> Exported:
    """XLSX with the rows and a sheet that says what they are. Raises UserError above ``XLSX_ROWS`` rows."""
    if rows.num_rows > XLSX_ROWS:
        raise UserError(f"清单共 {rows.num_rows:,} 行,超过 XLSX 上限 {XLSX_ROWS:,} 行,请改用 CSV。")
    target = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        _data_sheet(book, rows, columns)
        _about_sheet(book, about)
    return _exported(target.getvalue(), rows.num_rows)


def neutral(text: str) -> str:
    """The text, with a leading quote where a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _data_sheet(book: xlsxwriter.Workbook, rows: Rows, columns: Sequence[Column]) -> None:
    sheet = book.add_worksheet("数据")
    bold = book.add_format({"bold": True, "bg_color": "#F6F8FA", "border": 1, "border_color": "#DDE3E9"})
    formats = {
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "whole": book.add_format({"num_format": "#,##0"}),
    }
    kinds = [rows.schema.field(column.name).type for column in columns]
    for position, (column, kind) in enumerate(zip(columns, kinds, strict=True)):
        if pa.types.is_decimal(kind):
            formats[column.name] = book.add_format(
                {"num_format": "#,##0" + ("." + "0" * kind.scale if kind.scale else "")}
            )
        sheet.set_column(position, position, max(10, min(40, 2 * len(column.header) + 2)))
        sheet.write_string(0, position, column.header, bold)
    sheet.freeze_panes(1, 0)
    number = 0
    for batch in rows.to_batches(max_chunksize=10_000):
        values = [batch.column(column.name).to_pylist() for column in columns]
        for record in zip(*values, strict=True):
            number += 1
            for position, (column, value) in enumerate(zip(columns, record, strict=True)):
                _write(sheet, (number, position), value, column, formats)


def _write(sheet: Any, cell: tuple[int, int], value: Any, column: Column, formats: dict[str, Any]) -> None:
    match value:
        case None:
            return
        case Decimal() if len(value.as_tuple().digits) <= XLSX_DECIMALS:
            # A spreadsheet's number is a double: 15 digits are exact, 10 trillion yuan to the fen.
            sheet.write_number(*cell, value, formats[column.name])
        case int() if not isinstance(value, bool):
            sheet.write_number(*cell, value, formats["whole"])
        case dt.datetime():
            sheet.write_datetime(*cell, value.replace(tzinfo=None), formats["time"])
        case dt.date():
            sheet.write_datetime(*cell, value, formats["date"])
        case _:
            sheet.write_string(*cell, _as_text(value, column), formats["text"])


def _about_sheet(book: xlsxwriter.Workbook, about: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("口径")
    name = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    for row, (label, words) in enumerate(about):
        sheet.write_string(row, 0, neutral(label), name)
        sheet.write_string(row, 1, neutral(words), text)


def _cells(values: Sequence[Any], column: Column) -> list[str]:
    return [_as_text(value, column) for value in values]


def _as_text(value: Any, column: Column) -> str:
    """A value as text that no spreadsheet runs: figures and dates as they are, the rest neutralised."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case Decimal():
            return format(value, "f")
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case int() | dt.date():
            return str(value)
    text = str(value)
    return neutral(code_lists()[column.codes].get(text, text) if column.codes else text)


def _exported(content: bytes, rows: int) -> Exported:
    return Exported(content, rows, hashlib.sha256(content).hexdigest())
