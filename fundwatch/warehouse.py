"""Reading the serving file: one version, read-only, with no way to any other file.

A warehouse shows the marts by their names, the staging views as ``stg_<table>`` and the lake's rows of the
same version as ``lake.<table>``. ``Follower`` hands out the version served now and changes to a new one
within two seconds.
"""

# ruff: noqa: S608 - names come from the serving file itself, values are parameters

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from fundwatch.build.meta import read_values
from fundwatch.build.publish import current_version, serving_file
from fundwatch.build.sources import first_line, lake_view, literal
from fundwatch.errors import UserError
from fundwatch.home import Home

#: how long a follower trusts what it saw
LOOK_EVERY_SECONDS = 2.0
#: one open version may use this much; several sessions and the version before share the machine
MEMORY_LIMIT = "2GB"
#: rows of one piece of a long result
BATCH_ROWS = 20_000
NOT_BUILT = "还没有可用的数据版本。请先运行 fundwatch load <文件或目录>,再运行 fundwatch build。"


class Warehouse:
    """One version of the serving file. Safe for many threads: every query has a cursor of its own."""

    def __init__(self, home: Home, version: str, *, memory_limit: str = MEMORY_LIMIT) -> None:
        file = serving_file(home, version)
        if not file.is_file():
            raise UserError(f"版本 {version} 的服务文件 {file.name} 不存在。")
        self.version = version
        self._connection = duckdb.connect(":memory:")
        try:
            self._names = _open(self._connection, file, home.root, memory_limit)
            self.meta = read_values(self._connection, "wh.main")
        except duckdb.Error as error:
            self._connection.close()
            raise UserError(f"版本 {version} 无法打开:{first_line(error)}") from error

    def query(self, sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None) -> pa.Table:
        """Rows of one select as an Arrow table; amounts stay decimal. ``params`` fill ``$name`` or ``$1``."""
        with self._connection.cursor() as cursor:
            return cursor.sql(sql, params=params).to_arrow_table()

    def batches(
        self, sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The rows of ``query`` piece by piece, for results that are too long to hold."""
        with self._connection.cursor() as cursor:
            yield from cursor.sql(sql, params=params).to_arrow_reader(BATCH_ROWS)

    def names(self) -> list[str]:
        """What can be read: marts, ``stg_<table>``, ``lake.<table>``, and the ``_meta`` tables."""
        return list(self._names)

    def close(self) -> None:
        """Let go of the file at once. A version that others may use is better left to its last user."""
        self._connection.close()

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_warehouse(home: Home, version: str | None = None) -> Warehouse:
    """The version named, else the one served; raises UserError naming the command to run without one."""
    wanted = version or current_version(home)
    if wanted is None:
        raise UserError(NOT_BUILT)
    return Warehouse(home, wanted)


class Follower:
    """Hands out the version served, opened once and shared by all threads.

    A screen takes ``current()`` once per run and uses that object throughout: its numbers are of one version.
    The version before closes by itself when its last user lets go of it.
    """

    def __init__(self, home: Home, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._home = home
        self._monotonic = monotonic
        self._looking = threading.Lock()
        self._open: Warehouse | None = None
        self._looked_at = float("-inf")

    def current(self) -> Warehouse:
        """The served version's warehouse; raises UserError before the first build."""
        warehouse = self._open
        if warehouse is not None and self._monotonic() - self._looked_at < LOOK_EVERY_SECONDS:
            return warehouse
        # While one thread opens a new version the others go on with the one they have.
        if not self._looking.acquire(blocking=warehouse is None):
            return warehouse or self.current()
        try:
            return self._look()
        finally:
            self._looking.release()

    def _look(self) -> Warehouse:
        version = current_version(self._home)
        if self._open is None or version != self._open.version:
            self._open = open_warehouse(self._home, version)
        self._looked_at = self._monotonic()
        return self._open


def _open(connection: duckdb.DuckDBPyConnection, file: Path, root: Path, memory_limit: str) -> list[str]:
    """Attach, make the views, then lock: afterwards nothing outside the version can be reached."""
    connection.execute(f"attach {literal(str(file))} as wh (read_only)")
    names = _views_of_tables(connection)
    tables = connection.execute(
        "select table_name, columns from wh.main._meta_tables order by table_name"
    ).fetchall()
    paths = connection.execute("select table_name, path from wh.main._meta_files order by all").fetchall()
    connection.execute("create schema lake")
    for table, columns in tables:
        own = [path for name, path in paths if name == table]
        connection.execute(lake_view(f'lake."{table}"', json.loads(columns), own, root))
        names.append(f"lake.{table}")
    staging = "select model, sql from wh.main._meta_models where starts_with(model, 'stg_') order by model"
    for model, sql in connection.execute(staging).fetchall():
        connection.execute(f'create view "{model}" as {sql}')
        names.append(model)
    spill = file.parent / f".spill-{os.getpid()}"
    # The order matters: directories first, then no way out, then no way to change that.
    for setting in (
        f"temp_directory = {literal(str(spill))}",
        f"allowed_directories = [{literal(str(root / 'lake'))}, {literal(str(spill))}]",
        "enable_external_access = false",
        f"memory_limit = {literal(memory_limit)}",
        "lock_configuration = true",
    ):
        connection.execute(f"set {setting}")
    return names


def _views_of_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """A view in the session for every table of the file, so that queries need no catalog name."""
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'wh' order by table_name"
    ).fetchall()
    for (name,) in rows:
        connection.execute(f'create view "{name}" as select * from wh.main."{name}"')
    return [name for (name,) in rows]
