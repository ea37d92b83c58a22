"""Files: claim tables as plain CSV by month, ledgers as CSV or XLSX in the contract's column order."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import xlsxwriter
from pyarrow import csv as arrow_csv

from fundwatch.contracts import Contract, contracts

Row = Mapping[str, Any]
_PLAIN = arrow_csv.WriteOptions(quoting_style="none", quoting_header="none")
#: an XLSX holds the day it was made; a fixed one keeps the bytes the same
_XLSX_MADE = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


class ClaimFiles:
    """Claim tables as plain CSV: UTF-8, field names, no quotes (no value of the demo holds a comma).

    A table that the contract keeps by month has a file a month (``by_year``: a year); the others have one.
    Rows may come in parts.
    """

    def __init__(self, folder: Path, by_year: bool = False) -> None:
        self._folder, self._by_year = folder, by_year
        self._open: dict[str, arrow_csv.CSVWriter] = {}
        self.rows: Counter[str] = Counter()

    def add(self, table: str, month: np.datetime64, rows: pa.Table) -> None:
        """Rows of a month; none make no file. Columns that the contract does not know are an error."""
        if not rows.num_rows:
            return
        contract = contracts()[table]
        if unknown := set(rows.column_names) - contract.by_name.keys():
            raise ValueError(f"{table}: {', '.join(sorted(unknown))}")
        period = str(month)[:4] if self._by_year else str(month)
        name = f"{table}_{period}.csv" if contract.by_month else f"{table}.csv"
        if name not in self._open:
            self._open[name] = arrow_csv.CSVWriter(
                str(self._folder / name), rows.schema, write_options=_PLAIN
            )
        self._open[name].write_table(rows)
        self.rows[table] += rows.num_rows

    def close(self, month: np.datetime64 | None = None) -> None:
        """Close the files of a month, or all."""
        for name in [name for name in self._open if month is None or name.endswith(f"_{month}.csv")]:
            self._open.pop(name).close()


def yuan(fen: int) -> Decimal:
    """An amount from whole fen, exactly."""
    return Decimal(int(fen)).scaleb(-2)


def write_csv(folder: Path, table: str, rows: Iterable[Row], name: str = "") -> None:
    """A ledger as UTF-8 CSV with field names; columns that the contract does not know are an error."""
    _save(folder / f"{table}{name}.csv", _csv_text(contracts()[table], rows, labels=False).encode("utf-8"))


def write_gb18030(folder: Path, table: str, rows: Iterable[Row]) -> None:
    """A ledger as a clerk's spreadsheet program saves it: GB18030, Chinese labels as headers."""
    _save(folder / f"{table}.csv", _csv_text(contracts()[table], rows, labels=True).encode("gb18030"))


def write_xlsx(folder: Path, table: str, rows: Iterable[Row]) -> None:
    """A ledger as XLSX: Chinese labels as headers, real dates and numbers in the cells."""
    contract = contracts()[table]
    book = xlsxwriter.Workbook(str(folder / f"{table}.xlsx"))
    book.set_properties({"title": contract.title, "created": _XLSX_MADE})
    sheet = book.add_worksheet(contract.title)
    formats = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    for column, one in enumerate(contract.columns):
        sheet.write_string(0, column, one.label)
    for line, row in enumerate(_checked(contract, rows), start=1):
        for column, one in enumerate(contract.columns):
            _cell(sheet, line, column, row.get(one.name), formats)
    book.close()


def _cell(sheet: Any, line: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    match value:
        case None:
            return
        case dt.datetime():
            sheet.write_datetime(line, column, value, formats["time"])
        case dt.date():
            sheet.write_datetime(line, column, value, formats["date"])
        case int() | Decimal():
            sheet.write_number(line, column, value)
        case _:
            sheet.write_string(line, column, str(value))


def _csv_text(contract: Contract, rows: Iterable[Row], *, labels: bool) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([one.label if labels else one.name for one in contract.columns])
    for row in _checked(contract, rows):
        writer.writerow([_text(row.get(one.name)) for one in contract.columns])
    return text.getvalue()


def _checked(contract: Contract, rows: Iterable[Row]) -> Iterable[Row]:
    for row in rows:
        if unknown := row.keys() - contract.by_name.keys():
            raise ValueError(f"{contract.table}: {', '.join(sorted(unknown))}")
        yield row


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def _save(path: Path, content: bytes) -> None:
    path.write_bytes(content)
