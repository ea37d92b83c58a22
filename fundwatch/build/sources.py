"""What a build reads: the lake's files at one moment, and views over them.

``fundwatch.warehouse`` makes the same views over a finished version, so build and drill-down see equal rows.
"""

# ruff: noqa: S608 - names come from contracts and checked headers, values are parameters

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from fundwatch.contracts import contracts
from fundwatch.errors import UserError
from fundwatch.home import REFERENCE
from fundwatch.lake import Lake
from fundwatch.workdays import official_days

#: columns the loader adds to every row: its batch, and its row in the file
ORIGIN_COLUMNS = (("_batch_id", "VARCHAR"), ("_row_no", "BIGINT"))
#: the reference list that comes from the holiday library
CALENDAR = "workday"
NAME = re.compile(r"[a-z_][a-z0-9_]*")
TYPE = re.compile(r"[A-Z]+(\(\d+,\d+\))?")
Columns = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class LakeTable:
    """One table's files: month (None: not by month) → path → rows. ``version`` is None when never loaded."""

    version: int | None
    files: Mapping[str | None, Mapping[str, int]]

    @property
    def paths(self) -> list[str]:
        return [path for month in sorted(self.files, key=str) for path in sorted(self.files[month])]

    @property
    def months(self) -> list[str]:
        return sorted(month for month in self.files if month is not None)

    @property
    def rows(self) -> int:
        return sum(sum(paths.values()) for paths in self.files.values())

    def changed_months(self, before: LakeTable) -> set[str | None]:
        """Months whose set of files differs from ``before``."""
        months = self.files.keys() | before.files.keys()
        return {m for m in months if set(self.files.get(m, {})) != set(before.files.get(m, {}))}


EMPTY = LakeTable(None, {})
Snapshot = dict[str, LakeTable]


def snapshot(lake: Lake) -> Snapshot:
    """Every contract table's files now; each table is of one Delta version."""
    loaded = set(lake.tables())
    return {table: _one_version(lake, table) if table in loaded else EMPTY for table in contracts()}


def _one_version(lake: Lake, table: str) -> LakeTable:
    while True:
        version = lake.version(table)
        files = grouped((file.ym, file.path, file.rows) for file in lake.files(table))
        # A load may commit between the two calls; then look again.
        if lake.version(table) == version:
            return LakeTable(version, files)


def grouped(files: Iterable[tuple[str | None, str, int]]) -> dict[str | None, dict[str, int]]:
    """(month, path, rows) as month → path → rows."""
    found: dict[str | None, dict[str, int]] = {}
    for month, path, rows in files:
        found.setdefault(month, {})[path] = rows
    return found


def lake_columns(table: str) -> list[tuple[str, str]]:
    """Columns and DuckDB types of a lake table: the contract's, the row's origin, ``ym`` if kept by month."""
    contract = contracts()[table]
    month = [("ym", "VARCHAR")] if contract.by_month else []
    return [*((column.name, column.sql_type) for column in contract.columns), *ORIGIN_COLUMNS, *month]


def lake_view(view: str, columns: Columns, paths: Sequence[str], root: Path) -> str:
    """``create view`` over a lake table's files. ``view`` is a quoted, trusted name."""
    return f"create view {view} as {lake_select(view, columns, paths, root)}"


def lake_select(table: str, columns: Columns, paths: Sequence[str], root: Path) -> str:
    """The rows of a lake table's files; without files none, of the same types.

    Names and types come from contracts and are checked again here; ``table`` is what an error names.
    """
    for name, kind in columns:
        if not NAME.fullmatch(name) or not TYPE.fullmatch(kind):
            raise UserError(f"表 {table} 的列 {name} {kind} 名称或类型不合规定。")
    nulls = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in columns)
    nothing = f"select {nulls} where false"
    if not paths:
        return nothing
    names = ", ".join(f'"{name}"' for name, _ in columns)
    listed = ", ".join(literal(str(root / path)) for path in paths)
    if "ym" in dict(columns):
        files = f"read_parquet([{listed}], hive_partitioning=true, hive_types_autocast=false)"
    else:
        # An optional column that a ledger's contract gained later is missing in files written before: there it is null.
        files = f"({nothing} union all by name select * from read_parquet([{listed}], union_by_name=true))"
    return f"select {names} from {files}"


def unreadable(columns: Columns, words: str) -> str:
    """A select of these columns that fails with the words however it is read, for a table with a damaged file."""
    fails = f"error({literal(words)})"
    listed = ", ".join(f'cast({fails} as {kind}) as "{name}"' for name, kind in columns)
    return f"select {listed} where {fails} is null"


def literal(text: str) -> str:
    """A quoted SQL string, for statements that take no parameters (views, settings)."""
    return "'" + text.replace("'", "''") + "'"


def create_lake(connection: duckdb.DuckDBPyConnection, tables: Snapshot, root: Path) -> None:
    """Attach a catalog ``lake`` with one view per table; raises UserError when a file cannot be read."""
    connection.execute("attach ':memory:' as lake")
    for table, files in tables.items():
        try:
            connection.execute(lake_view(f'lake.main."{table}"', lake_columns(table), files.paths, root))
        except duckdb.Error as error:
            raise UserError(f"数据湖的表 {table} 无法读取:{first_line(error)}") from error


def create_reference(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Attach a catalog ``reference`` with the lists shipped in data/reference, typed by their contracts.

    ``workday`` is no file: it is the holiday library's calendar, one row per day.
    """
    connection.execute("attach ':memory:' as reference")
    for table in tables:
        columns = ", ".join(f'"{c.name}" {c.sql_type}' for c in contracts()[table].columns)
        connection.execute(f'create table reference.main."{table}" ({columns})')
        if table == CALENDAR:
            connection.register("official_calendar", _calendar())
            connection.execute('insert into reference.main."workday" by name select * from official_calendar')
            connection.unregister("official_calendar")
            continue
        connection.execute(
            f'insert into reference.main."{table}" by name '
            "select * from read_csv($path, header = true, all_varchar = true)",
            {"path": str(reference_file(table))},
        )


def reference_file(table: str) -> Path:
    """The shipped list of a table; raises UserError when there is none."""
    path = REFERENCE / f"{table}.csv"
    if table not in contracts() or not path.is_file():
        raise UserError(f"没有随产品提供的参考表 {table}。")
    return path


def reference_hash(tables: Iterable[str]) -> str:
    """A hash of the shipped lists' content."""
    digest = hashlib.sha256()
    for table in tables:
        content = _calendar_hash() if table == CALENDAR else reference_file(table).read_bytes()
        digest.update(table.encode() + b"\0" + content)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _calendar_hash() -> bytes:
    return hashlib.sha256(repr(list(official_days())).encode()).digest()


@lru_cache(maxsize=1)
def _calendar() -> pa.Table:
    names = ("cal_date", "workday_flag", "reason")
    return pa.table(dict(zip(names, map(list, zip(*official_days(), strict=True)), strict=True)))


def first_line(error: Exception) -> str:
    """The first line of an engine's message: it names the fault; the rest repeats the statement."""
    return str(error).strip().split("\n", 1)[0]
