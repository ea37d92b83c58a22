"""What a serving file says of itself: version, source files, models, months and dates of every table."""

# ruff: noqa: S608 - names come from contracts and checked headers, values are parameters

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from fundwatch.build.hit_sums import sums
from fundwatch.build.models import Model
from fundwatch.build.sources import EMPTY, LakeTable, Snapshot, grouped, lake_columns
from fundwatch.contracts import Contract, contracts
from fundwatch.kpi.days import META, fingerprint

TABLES = """
create table wh.main._meta (key varchar primary key, value varchar);
create table wh.main._meta_files (
    table_name varchar, ym varchar, path varchar, rows bigint, lake_version bigint
);
create table wh.main._meta_models (
    model varchar primary key, sql_hash varchar, sql varchar, row_count bigint, seconds double
);
create table wh.main._meta_months (table_name varchar, ym varchar, rows bigint);
create table wh.main._meta_tables (
    table_name varchar primary key, lake_version bigint, rows bigint, first_date date, last_date date,
    columns varchar
);
"""


@dataclass(frozen=True)
class Before:
    """The version a build starts from."""

    version: str | None
    hashes: Mapping[str, str]
    tables: Snapshot
    row_counts: Mapping[str, int]
    parameters: Mapping[str, str | None]


NOTHING_BEFORE = Before(None, {}, {}, {}, {})


@dataclass(frozen=True)
class Made:
    """How one model was made. ``seconds`` is the time of this build, checks included."""

    model: Model
    sql_hash: str
    row_count: int
    seconds: float


def read_before(connection: duckdb.DuckDBPyConnection, catalog: str) -> Before:
    """Read the meta tables of an attached serving file."""
    values = read_values(connection, catalog)
    files = connection.execute(f"select table_name, ym, path, rows from {catalog}._meta_files").fetchall()
    tables = connection.execute(f"select table_name, lake_version from {catalog}._meta_tables").fetchall()
    models = connection.execute(f"select model, sql_hash, row_count from {catalog}._meta_models").fetchall()
    return Before(
        version=values["version"],
        hashes={model: sql_hash for model, sql_hash, _ in models},
        tables={
            table: LakeTable(version, grouped(row[1:] for row in files if row[0] == table))
            for table, version in tables
        },
        row_counts={model: rows for model, _, rows in models if not model.startswith("stg_")},
        parameters=json.loads(values["parameters"]),
    )


def read_values(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, str]:
    """The ``_meta`` key/value pairs of an attached serving file."""
    return dict(connection.execute(f"select key, value from {catalog}._meta").fetchall())


def write_meta(
    connection: duckdb.DuckDBPyConnection,
    values: Mapping[str, str | None],
    tables: Snapshot,
    made: list[Made],
    load_date: dt.date | None,
) -> None:
    """Write the meta tables of the file attached as ``wh``; adds ``first_data`` and ``load_date``."""
    connection.execute(TABLES)
    for item in made:
        connection.execute(
            "insert into wh.main._meta_models values ($1, $2, $3, $4, $5)",
            [item.model.name, item.sql_hash, item.model.sql, item.row_count, item.seconds],
        )
    first_days = []
    for table, files in tables.items():
        first, last = _dates(connection, contracts()[table], files, load_date)
        first_days.append(first)
        connection.execute(
            "insert into wh.main._meta_tables values ($1, $2, $3, $4, $5, $6)",
            [table, files.version, files.rows, first, last, json.dumps(lake_columns(table))],
        )
        _write_files(connection, table, files)
        _write_months(connection, contracts()[table], files)
    first_data = min((day for day in first_days if day is not None), default=None)
    dates = {"first_data": first_data, "load_date": load_date}
    days = {
        item.model.name: fingerprint(item.model.sql)
        for item in made
        if item.model.name.startswith(("day_", "fct_"))
    }
    days |= {name: fingerprint(sql) for name, sql in sums().items()}
    values = {**values, META: json.dumps(days, sort_keys=True)}
    rows = [*values.items(), *((key, day.isoformat() if day else None) for key, day in dates.items())]
    connection.executemany("insert into wh.main._meta values ($1, $2)", [list(row) for row in rows])


def _write_files(connection: duckdb.DuckDBPyConnection, table: str, files: LakeTable) -> None:
    rows = [
        [table, month, path, count, files.version]
        for month, paths in files.files.items()
        for path, count in paths.items()
    ]
    if rows:
        connection.executemany("insert into wh.main._meta_files values ($1, $2, $3, $4, $5)", rows)


def _write_months(connection: duckdb.DuckDBPyConnection, contract: Contract, files: LakeTable) -> None:
    """Rows per month of every dated table: from the file list where it is kept by month, else counted."""
    if contract.by_month:
        rows = [[contract.table, month, sum(files.files[month].values())] for month in files.months]
        if rows:
            connection.executemany("insert into wh.main._meta_months values ($1, $2, $3)", rows)
    elif contract.dated_by and files is not EMPTY:
        connection.execute(
            f"""insert into wh.main._meta_months
            select $1, substring(cast("{contract.dated_by}" as varchar), 1, 7), count(*)
            from lake."{contract.table}"
            where "{contract.dated_by}" is not null group by all order by all""",
            [contract.table],
        )


def _dates(
    connection: duckdb.DuckDBPyConnection, contract: Contract, files: LakeTable, load_date: dt.date | None
) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of a table's rows, the last not after the day of loading (monthly: its end).

    Source: precise.md, Output (data_through).
    """
    if not files.rows or not contract.dated_by:
        return None, None
    if contract.by_name[contract.dated_by].kind == "month":
        begin = f"cast(\"{contract.dated_by}\" || '-01' as date)"
        return _pair(connection, f'select min({begin}), max(last_day({begin})) from lake."{contract.table}"')
    day = f'cast("{contract.dated_by}" as date)'
    select = f'select min({day}), max({day}) filter ({day} <= $limit) from lake."{contract.table}"'
    limit = load_date or dt.date.max
    if not contract.by_month:
        return _pair(connection, select, {"limit": limit})
    # Reading two months instead of all keeps this below a second for 50 M fee lines.
    per_month = f"{select} where ym = $month"
    first, _ = _pair(connection, per_month, {"limit": limit, "month": files.months[0]})
    for month in reversed(files.months):
        _, last = _pair(connection, per_month, {"limit": limit, "month": month})
        if last is not None:
            return first, last
    return first, None


def _pair(
    connection: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, object] | None = None
) -> tuple[dt.date | None, dt.date | None]:
    found = connection.execute(query, values).fetchone()
    return (found[0], found[1]) if found else (None, None)
