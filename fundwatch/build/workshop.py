"""DuckDB at work: staging as temporary views over the lake, marts as tables in a new file."""

# ruff: noqa: S608 - names come from contracts and checked headers, values are parameters

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from fundwatch.build.checks import check, count, month_filter
from fundwatch.build.engine import FAULTS, Engine, Params
from fundwatch.build.models import Model
from fundwatch.build.plan import Change
from fundwatch.build.sources import Snapshot, create_lake, create_reference, first_line, literal
from fundwatch.errors import UserError

#: enough for a county-year; two needed more, and did not spill with twice the lake's bytes (decision 287). The process stands above
#: it by half a gigabyte or one
ENOUGH_MIB = 4096


@contextmanager
def workshop(
    new: Path, before: Path | None, tables: Snapshot, root: Path, references: list[str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with catalogs ``wh`` (new file), ``prev`` (version before), ``lake`` and ``reference``."""
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"set temp_directory = {literal(str(new) + '.spill')}")
        connection.execute(f"set memory_limit = {literal(memory_limit(lake_bytes(tables, root)))}")
        connection.execute(f"attach {literal(str(new))} as wh")
        if before is not None:
            connection.execute(f"attach {literal(str(before))} as prev (read_only)")
        create_lake(connection, tables, root)
        create_reference(connection, references)
        connection.execute("set search_path = 'wh.main,memory.main'")
        yield connection
    finally:
        connection.close()


def memory_limit(lake: int) -> str:
    """What DuckDB may use for a lake of so many bytes: half of the machine's memory at most, so that screens keep theirs.

    What needs more goes to the disk. ``base_fee_line`` holds all settlements: with 4 GiB those of two county-years went to the disk.
    """
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2 // 2**20
    return f"{min(half, max(ENOUGH_MIB, 2 * lake // 2**20))}MiB"


def lake_bytes(tables: Snapshot, root: Path) -> int:
    """Size of the files of a snapshot; those that are gone are named by whoever reads them."""
    paths = (root / path for table in tables.values() for path in table.paths)
    return sum(path.stat().st_size for path in paths if path.is_file())


def make_staging(connection: duckdb.DuckDBPyConnection, engine: Engine, model: Model, change: Change) -> None:
    """Create the staging view and check the key of what changed."""
    with _named(model):
        connection.execute(f'create temp view "{model.name}" as {model.sql}')
        engine.staging(model)
        months = None if change.all else sorted(change.months)
        if change and engine.needs_check(model, months):
            check(connection, model, months)


def make_mart(
    connection: duckdb.DuckDBPyConnection,
    engine: Engine,
    model: Model,
    change: Change,
    parameters: Mapping[str, Any],
) -> int:
    """Create the mart's table, wholly, for changed months only, or as a copy; check it; return its rows."""

    def made(where: str, months: Params) -> tuple[str, Params]:
        used = {name: parameters[name] for name in model.parameters}
        select = f"select * from (\n{model.sql}\n) as made {where}" if where else model.sql
        return engine.rows(model.name, select, {**used, **months})

    with _named(model):
        text, values = mart_text(model, change, made)
        connection.execute(f'create table wh.main."{model.name}" as {text}', dict(values))
        check(connection, model)
        engine.stored(model.name, whole=change.all)
        return count(connection, model.name)


def mart_text(
    model: Model, change: Change, made: Callable[[str, Params], tuple[str, Params]]
) -> tuple[str, Params]:
    """The select that fills a mart, and its parameters. Sorted by key, so that equal rows give an equal table.

    ``made`` gives the rows made anew, all or those of a condition on months.
    """
    order = ", ".join(f'"{name}"' for name in model.header.key)
    if change.all:
        text, values = made("", {})
        return f"{text} order by {order}", values
    kept = f'select * from prev.main."{model.name}"'
    if not change:
        return f"{kept} order by {order}", {}
    where, months = month_filter(sorted(change.months))
    others = where.replace("where ym in", "where ym not in")
    text, values = made(where, months)
    return f"select * from ({kept} {others} union all by name {text}) order by {order}", {**values, **months}


@contextmanager
def _named(model: Model) -> Iterator[None]:
    """An engine's fault as a message that names the model; a failed check passes as it is."""
    try:
        yield
    except FAULTS as error:
        raise UserError(f"模型 {model.name} 执行失败:{first_line(error)}") from error
