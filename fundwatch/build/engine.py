"""What a build asks of an engine, and the one in process: DuckDB.

The serving file is always written by DuckDB. An engine makes the rows that go into it: marts, the rules' shared steps and hit
lines, the sums of hits. Its selects are written in DuckDB's dialect and keep to the portable subset (``portable``).
"""

# ruff: noqa: S608 - names come from checked headers and this package, values are parameters

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any, Protocol

import duckdb

from fundwatch.build.models import Model
from fundwatch.build.sources import Snapshot, literal
from fundwatch.errors import UsageError

Params = Mapping[str, Any]
#: how the in-process engine keeps steps (decision 315)
STEP_FILE = "format parquet, parquet_version v2, compression snappy"
#: the engine of a build that names none
DEFAULT = "duckdb"
SPARK = "spark"


class EngineError(Exception):
    """An engine refused or lost a statement; the text names the fault. Who asked adds for what (UserError)."""


class Engine(Protocol):
    """Makes rows. Faults come as one of ``FAULTS``."""

    #: as written into the serving file
    name: str

    def working(
        self, connection: duckdb.DuckDBPyConnection, file: Path, tables: Snapshot, root: Path
    ) -> AbstractContextManager[None]:
        """The time of one build. ``connection`` is the workshop's; what the engine writes lies beside ``file`` and goes with it.

        Raises UserError when the engine cannot be reached.
        """
        ...

    def staging(self, model: Model) -> None:
        """Know a staging model that stands in the connection."""
        ...

    def needs_check(self, model: Model, months: Sequence[str] | None) -> bool:
        """Whether a staging model's key has to be looked at in the connection (``months`` as for ``checks.check``)."""
        ...

    def rows(self, name: str, select: str, params: Params, *, typed: bool = True) -> tuple[str, Params]:
        """A select for the connection that gives these rows, to be stored as ``name``, and its parameters.

        ``typed``: columns have the types that the connection would give them; else the place they go to decides.
        """
        ...

    def stored(self, name: str, *, whole: bool) -> None:
        """Later selects may read this table of the connection. ``whole``: all its rows came from ``rows`` under this name."""
        ...

    def fetch(self, select: str, params: Params) -> list[tuple[Any, ...]]:
        """A small result."""
        ...

    def steps(self) -> AbstractContextManager[None]:
        """The time during which steps are kept."""
        ...

    def step(self, name: str, select: str, params: Params) -> None:
        """Keep the rows of a select for the selects that follow."""
        ...


FAULTS = (EngineError, duckdb.Error)


class DuckEngine:
    """DuckDB in this process: a select runs where its rows are stored."""

    name = DEFAULT

    def __init__(self) -> None:
        self._open: duckdb.DuckDBPyConnection | None = None
        self._scratch = Path()
        self._steps: list[str] = []

    @contextmanager
    def working(
        self, connection: duckdb.DuckDBPyConnection, file: Path, tables: Snapshot, root: Path
    ) -> Iterator[None]:
        # named like the file being built, so that a build that dies leaves nothing behind
        self._open, self._scratch = connection, file.with_name(file.name + ".steps")
        try:
            yield
        finally:
            self._open = None

    def staging(self, model: Model) -> None:
        """Nothing to do: the view in the connection is the one that selects read."""

    def needs_check(self, model: Model, months: Sequence[str] | None) -> bool:
        return True

    def rows(self, name: str, select: str, params: Params, *, typed: bool = True) -> tuple[str, Params]:
        return f"select * from (\n{select}\n)", params

    def stored(self, name: str, *, whole: bool) -> None:
        """Nothing to do: the table in the connection is the one that selects read."""

    def fetch(self, select: str, params: Params) -> list[tuple[Any, ...]]:
        return self._connection.execute(select, dict(params)).fetchall()

    @contextmanager
    def steps(self) -> Iterator[None]:
        """Steps are Parquet files of a scratch folder: fee lines cost two thirds of what a table of DuckDB's costs to write."""
        rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir()
        try:
            yield
        finally:
            for name in self._steps:
                self._connection.execute(f'drop view temp.main."{name}"')
            self._steps.clear()
            rmtree(self._scratch)

    def step(self, name: str, select: str, params: Params) -> None:
        file = literal(str(self._scratch / f"{name}.parquet"))
        with self._in_text_order():
            self._connection.execute(f"copy ({select}) to {file} ({STEP_FILE})", dict(params))
        self._connection.execute(f'create temp view "{name}" as select * from read_parquet({file})')
        self._steps.append(name)

    @contextmanager
    def _in_text_order(self) -> Iterator[None]:
        """Joins as the text has them, the many rows first, and no order of the rows kept.

        Of the fee lines of some months DuckDB expects one row and would hold all of them in memory, as it would to keep their order.
        """
        self._connection.execute("set preserve_insertion_order = false")
        self._connection.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
        try:
            yield
        finally:
            self._connection.execute("reset preserve_insertion_order")
            self._connection.execute("reset disabled_optimizers")

    @property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        if self._open is None:
            raise RuntimeError("an engine works only within working()")
        return self._open


def find_engine(name: str, master: str | None = None) -> Engine:
    """The engine named, ``master`` being Spark's; raises UsageError for others and UserError when it is not installed."""
    if name == DEFAULT:
        if master is not None:
            raise UsageError("--master 只用于 --engine spark。")
        return DuckEngine()
    if name == SPARK:
        from fundwatch.build.spark_engine import SparkEngine

        return SparkEngine(master)
    raise UsageError(f"没有计算引擎“{name}”,可用 {DEFAULT} 或 {SPARK}。")
