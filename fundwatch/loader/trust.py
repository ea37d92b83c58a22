"""Which cells DuckDB's reader may turn into their type itself: several times faster than any expression over text.

Three things keep that exact. The survey of the file's bytes shows that no decimal can be rounded. Dates and times are read by one
format, which takes nothing that the careful way would read otherwise. And a cell that the reader cannot read ends among
its rejects, whereupon the column is read again as text. The first rows only decide what is worth trying.
"""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache

from fundwatch.contracts import Column, Contract, code_lists
from fundwatch.loader import values
from fundwatch.loader.held import is_held
from fundwatch.loader.survey import FEW_DECIMALS, MOST_DECIMALS, Survey, most_decimals, plain_numbers
from fundwatch.loader.text import TextFile

#: rows looked at before a column is read by its type
ROWS_TRIED = 200
#: a column with a pattern stays text and takes few values: they are looked at after the reading, each once (``held``)
LIST_LATER = "VARCHAR"
DAY_TYPES = ("DATE", "TIMESTAMP")
DATE_FORMAT, TIME_FORMAT = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"
#: another column of the file has more decimals than this one may have: read with as many, then narrowed (``stage``)
WIDE = "DECIMAL(18,{decimals})"
SHAPES = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "time": re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"),
    "decimal": re.compile(r"-?\d+(\.\d+)?"),
}


def types_read(contract: Contract, file: TextFile, distrusted: frozenset[int]) -> dict[int, str]:
    """The type of each cell (by place) that the reader may read as such; the others are read as text."""
    first_rows, held = _first_rows(file), is_held(file.path)
    plain, decimals = plain_numbers(file.sample), most_decimals(file.sample)
    found = {}
    for name, place in file.header.position.items():
        column = contract.by_name[name]
        kind = _reader_type(column)
        if kind is None or place in distrusted or (kind == LIST_LATER and not held):
            continue
        if values.DECIMAL.fullmatch(kind):
            if not plain or decimals == MOST_DECIMALS:
                continue
            kind = kind if decimals <= _places(kind) else WIDE.format(decimals=decimals)
        if all(_looks_right(column, row[place]) for row in first_rows if place < len(row)):
            found[place] = kind
    return found


def disproved(types: dict[int, str], found: Survey) -> frozenset[int]:
    """Places whose cells the reader may have misread after all: known once the whole file has been surveyed."""
    return frozenset(
        place
        for place, kind in types.items()
        if (values.DECIMAL.fullmatch(kind) and not (found.plain_numbers and found.decimals <= _places(kind)))
        or (kind in DAY_TYPES and not found.plain_dates)
    )


def _reader_type(column: Column) -> str | None:
    """None: only expressions read this column. Listed codes are read as enumerations, which checks them and is cheap to carry."""
    if column.pattern:
        return LIST_LATER
    if column.codes:
        codes = ", ".join(f"''{code}''" for code in code_lists()[column.codes])
        return f"ENUM({codes})"
    kind = column.sql_type
    return kind if column.kind in ("date", "time") or values.DECIMAL.fullmatch(kind) else None


def _places(kind: str) -> int:
    decimal = values.DECIMAL.fullmatch(kind)
    return max(int(decimal[2]), FEW_DECIMALS) if decimal else 0


def _looks_right(column: Column, cell: str) -> bool:
    if cell in values.BLANK_WORDS:
        return True
    if column.pattern:
        return re.fullmatch(column.pattern, cell, re.ASCII) is not None
    if column.codes:
        return cell in code_lists()[column.codes]
    return SHAPES.get(column.kind, SHAPES["decimal"]).fullmatch(cell) is not None


def _first_rows(file: TextFile) -> list[list[str]]:
    return _parsed(file.sample, file.delimiter)[file.header.first_data_row - 1 :]


@lru_cache(maxsize=2)
def _parsed(sample: bytes, delimiter: str) -> list[list[str]]:
    text = sample.decode("utf-8", "replace")
    whole = text[: text.rfind("\n") + 1] or text
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == ROWS_TRIED:
                break
    except csv.Error:
        # A cell of more than 128 KiB: the rows before it must do.
        pass
    return rows
