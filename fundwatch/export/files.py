"""A list as CSV (UTF-8 with BOM), XLSX (sheets 数据, 口径) or Parquet: exact amounts, codes as text, no formulas.

Rows come piece by piece and go piece by piece: 1,000,000 rows are never held together.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import xlsxwriter

from fundwatch.errors import UserError
from fundwatch.export.text import Column, neutral, printed, readable

__all__ = [
    "Column",
    "Exported",
    "Rows",
    "as_csv",
    "as_xlsx",
    "neutral",
    "write_csv",
    "write_parquet",
    "write_xlsx",
]
#: a spreadsheet's number is a double: 15 digits are exact, 10 trillion yuan to the fen
XLSX_DECIMALS = 15
#: what the file format holds, header row apart
XLSX_MOST_ROWS = 1_048_575
PIECE_ROWS = 10_000
About = Sequence[tuple[str, str]]


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
    """The list as CSV, held as bytes."""
    return _held(lambda target: write_csv(target, rows, columns))


def as_xlsx(rows: Rows, columns: Sequence[Column], about: About, limit: int = XLSX_MOST_ROWS) -> Exported:
    """The list as XLSX, held as bytes. Raises UserError above ``limit`` rows."""
    return _held(lambda target: write_xlsx(target, rows, columns, about, limit))


def as_parquet(rows: Rows, columns: Sequence[Column], about: About) -> Exported:
    """The list as Parquet, held as bytes."""
    return _held(lambda target: write_parquet(target, rows, columns, about))


def write_csv(target: BinaryIO, rows: Rows, columns: Sequence[Column]) -> int:
    """CSV that Excel opens as Chinese; decimals keep their places (1286.30). Returns the number of rows."""
    head = io.StringIO()
    names = [neutral(column.header).replace('"', '""') for column in columns]
    head.write(",".join(f'"{name}"' for name in names) + "\r\n")
    target.write(b"\xef\xbb\xbf" + head.getvalue().encode())
    options = pyarrow.csv.WriteOptions(include_header=False, eol="\r\n", batch_size=PIECE_ROWS)
    written, writer = 0, None
    for batch in rows.to_batches(max_chunksize=PIECE_ROWS):
        cells = [printed(values) for values in readable(batch, columns)]
        piece = pa.record_batch(cells, names=[str(place) for place in range(len(columns))])
        writer = writer or pyarrow.csv.CSVWriter(target, piece.schema, write_options=options)
        writer.write_batch(piece)
        written += batch.num_rows
    if writer is not None:
        writer.close()
    return written


def write_xlsx(target: BinaryIO, rows: Rows, columns: Sequence[Column], about: About, limit: int) -> int:
    """XLSX with the rows and a sheet that says what they are, in constant memory. Raises UserError above ``limit`` rows."""
    if rows.num_rows > min(limit, XLSX_MOST_ROWS):
        raise UserError(
            f"清单共 {rows.num_rows:,} 行,超过 Excel 上限 {limit:,} 行,请改用 CSV 或 Parquet,或缩短期间、增加筛选。"
        )
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(target, options) as book:
        written = _data_sheet(book, rows, columns)
        _about_sheet(book, about)
    return written


def write_parquet(target: BinaryIO, rows: Rows, columns: Sequence[Column], about: About) -> int:
    """Parquet for analysts: field names and codes as they are, amounts decimal; labels and ``about`` in the file's metadata."""
    fields = [
        rows.schema.field(column.name).with_metadata({"label": column.header}) for column in columns
    ]  # fmt: skip
    schema = pa.schema(fields, {"fundwatch": json.dumps(dict(about), ensure_ascii=False)})
    written = 0
    with pyarrow.parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in rows.to_batches():
            kept = [batch.column(field.name) for field in schema]
            writer.write_batch(pa.record_batch(kept, schema=schema))
            written += batch.num_rows
    return written


#: ending of the file → word
FORMATS: Mapping[str, str] = {"xlsx": "Excel", "csv": "CSV", "parquet": "Parquet"}


def write(
    path: Path, rows: Rows, columns: Sequence[Column], about: About, *, ending: str, limit: int
) -> tuple[int, str]:  # fmt: skip
    """Write the file in the format of ``ending``; returns rows and SHA-256."""
    with path.open("wb") as target:
        if ending == "csv":
            written = write_csv(target, rows, columns)
        elif ending == "parquet":
            written = write_parquet(target, rows, columns, about)
        else:
            written = write_xlsx(target, rows, columns, about, limit)
    with path.open("rb") as made:
        return written, hashlib.file_digest(made, "sha256").hexdigest()


def _held(make: Callable[[BinaryIO], int]) -> Exported:
    target = io.BytesIO()
    rows = make(target)
    content = target.getvalue()
    return Exported(content, rows, hashlib.sha256(content).hexdigest())


def _data_sheet(book: xlsxwriter.Workbook, rows: Rows, columns: Sequence[Column]) -> int:
    sheet = book.add_worksheet("数据")
    bold = book.add_format({"bold": True, "bg_color": "#F6F8FA", "border": 1, "border_color": "#DDE3E9"})
    writers: list[Callable[[int, int, Any], object]] = []
    for place, column in enumerate(columns):
        kind = pa.string() if column.codes else rows.schema.field(column.name).type
        sheet.set_column(place, place, max(10, min(40, 2 * len(column.header) + 2)))
        sheet.write_string(0, place, neutral(column.header), bold)
        writers.append(_writer(book, sheet, kind))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页,共 &N 页")
    number = 0
    for batch in rows.to_batches(max_chunksize=PIECE_ROWS):
        values = [cells.to_pylist() for cells in readable(batch, columns)]
        # Constant memory: a row is written whole before the next one begins.
        for record in zip(*values, strict=True):
            number += 1
            for place, value in enumerate(record):
                if value is not None:
                    writers[place](number, place, value)
    return number


def _writer(book: xlsxwriter.Workbook, sheet: Any, kind: pa.DataType) -> Callable[[int, int, Any], object]:
    """What writes a value of this type: numbers as numbers, dates as dates, the rest as text."""
    text = book.add_format({"num_format": "@"})
    string, number, moment = sheet.write_string, sheet.write_number, sheet.write_datetime
    if pa.types.is_decimal(kind):
        form = book.add_format({"num_format": "#,##0" + ("." + "0" * kind.scale if kind.scale else "")})
        if kind.precision <= XLSX_DECIMALS:
            return lambda row, column, value: number(row, column, value, form)
        most = 10**XLSX_DECIMALS

        def exact(row: int, column: int, value: Any) -> object:
            if abs(value.scaleb(kind.scale)) < most:
                return number(row, column, value, form)
            return string(row, column, format(value, "f"), text)

        return exact
    if pa.types.is_integer(kind):
        whole = book.add_format({"num_format": "#,##0"})
        return lambda row, column, value: number(row, column, value, whole)
    if pa.types.is_timestamp(kind):
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        return lambda row, column, value: moment(row, column, value.replace(tzinfo=None), time)
    if pa.types.is_date(kind):
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        return lambda row, column, value: moment(row, column, value, date)
    return lambda row, column, value: string(row, column, str(value), text)


def _about_sheet(book: xlsxwriter.Workbook, about: About) -> None:
    sheet = book.add_worksheet("口径")
    name = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for row, (label, words) in enumerate(about):
        sheet.write_string(row, 0, neutral(label), name)
        sheet.write_string(row, 1, neutral(words), text)
