"""The files of a demo as a clerk's program would read them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
from python_calamine import CalamineWorkbook

from fundwatch.contracts import SQL_TYPES, contracts

Rows = list[dict[str, str]]


def paths(folder: Path, table: str) -> list[Path]:
    """The files of a table: one a month, one a year, or one in all."""
    return [*sorted(folder.glob(f"{table}.*")), *sorted(folder.glob(f"{table}_2???*.csv"))]


def read_rows(folder: Path, table: str) -> Rows:
    """All rows of a table as text by field name, whatever format its files have."""
    rows = [
        row
        for path in paths(folder, table)
        for row in (_xlsx(path) if path.suffix == ".xlsx" else _csv(path))
    ]
    names = {column.label: column.name for column in contracts()[table].columns}
    return [{names.get(key, key): value for key, value in row.items()} for row in rows]


def _csv(path: Path) -> Rows:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return list(csv.DictReader(io.StringIO(text)))


def _xlsx(path: Path) -> Rows:
    header, *lines = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, header), map(_plain, line), strict=True)) for line in lines]


def _plain(value: object) -> str:
    return f"{value:.2f}".removesuffix(".00") if isinstance(value, float) else str(value)


def typed(folder: Path, *tables: str) -> duckdb.DuckDBPyConnection:
    """Tables in memory with the contract's types and all its columns; a value that does not fit is an error."""
    found = duckdb.connect()
    for table in tables:
        columns = contracts()[table].columns
        types = ", ".join(f'"{c.name}" {SQL_TYPES[c.kind]}' for c in columns)
        found.execute(f"create table {table} ({types})")
        files = paths(folder, table)
        if files[0].suffix == ".csv" and not _in_labels(files[0]):
            names = [str(path) for path in files]
            found.execute(
                f"insert into {table} by name from read_csv($names, all_varchar = true)", {"names": names}
            )
        else:
            values = [[row[c.name] or None for c in columns] for row in read_rows(folder, table)]
            found.executemany(f"insert into {table} values ({', '.join('?' * len(columns))})", values)
    return found


def _in_labels(path: Path) -> bool:
    return not path.read_bytes()[:200].split(b"\n")[0].isascii()
