"""Reading the serving file: one version, read-only, with no way to any other file.

A warehouse shows the marts by their names, the staging views as ``stg_<table>`` and the lake's rows of the
same version as ``lake.<table>``: whole for builds and commands, or what one sight leaves of them (``bound``) for screens.
``Follower`` hands out the version served now and changes to a new one within two seconds.
"""

from __future__ import annotations

import re
import threading
import time
import warnings
import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from fundwatch.access import EVERYTHING, Sight
from fundwatch.build.meta import read_values
from fundwatch.build.publish import current_version, serving_file
from fundwatch.build.sources import first_line
from fundwatch.errors import DamagedError, UserError, damage_trouble, damaged_version
from fundwatch.home import Home
from fundwatch.masking import ID_PARAMETERS, masking_key, opaque
from fundwatch.warehouse_views import open_views

#: how long a follower trusts what it saw
LOOK_EVERY_SECONDS = 2.0
#: one open version may use this much; several sessions and the version before share the machine
MEMORY_LIMIT = "2GB"
#: rows of one piece of a long result
BATCH_ROWS = 20_000
#: ways around the views of a sight: the serving file by its catalog, files by a function or by their names, the views' own text
AROUND = re.compile(
    r"""\bwh"?\s*\.|\b(read_\w+|\w+_scan|parquet_\w+|glob|sniff_csv|query|query_table|duckdb_\w+|pragma_\w+)\s*\(|\b(from|join)\s*['"][^'"]*[./]"""
    r"|\b(information_schema|pg_catalog|pg_views|sqlite_master)\b",
    re.IGNORECASE,
)
# The copy is of the few rows that a screen shows; a relation, which saves it, is parsed and bound twice (decision 317).
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)
NOT_BUILT = "还没有可用的数据版本。请先运行 fundwatch load <文件或目录>,再运行 fundwatch build。"

Made = TypeVar("Made")


class Warehouse:
    """One version of the serving file. Safe for many threads: every query has a cursor of its own.

    ``sight`` is what its views show. ``counting`` is the warehouse of the same rows with nothing masked: what KPI values, which hold
    no value of a person, are computed on; itself where nothing is masked.
    """

    def __init__(
        self,
        home: Home,
        version: str,
        *,
        memory_limit: str = MEMORY_LIMIT,
        sight: Sight = EVERYTHING,
        counting: Warehouse | None = None,
    ) -> None:
        file = serving_file(home, version)
        if not file.is_file():
            raise DamagedError(damaged_version(version))
        self.version, self.sight, self.counting = version, sight, counting or self
        self._home = home
        self._known: dict[Hashable, Any] = {}
        self._taken: weakref.WeakSet[Warehouse] = weakref.WeakSet()
        self._key = "" if sight.is_whole else masking_key(home)
        self._connection = duckdb.connect(":memory:")
        try:
            self._views = open_views(
                self._connection, file, home.root, memory_limit=memory_limit, sight=sight, key=self._key
            )
            self.meta = read_values(self._connection, "wh.main")
        except (duckdb.Error, UserError) as error:
            self._connection.close()
            if damage_trouble(error):
                raise DamagedError(damaged_version(version)) from error
            said = error.message if isinstance(error, UserError) else first_line(error)
            raise UserError(f"版本 {version} 无法打开:{said}") from error

    @property
    def stamp(self) -> str:
        """What tells this warehouse's rows from any other's: version and sight. Part of the key of whatever is kept of them."""
        return self.version if self.sight.is_whole else f"{self.version} {self.sight}"

    def bound(self, sight: Sight, counting: Warehouse | None = None) -> Warehouse:
        """The same version as one sight shows it; only of a whole warehouse, which closes it with itself.

        ``counting``: the warehouse of the same rows with nothing masked, where it is open already.
        """
        if not self.sight.is_whole:
            raise ValueError("a sight is taken of the whole")
        if sight.is_whole:
            return self
        if counting is None and sight != sight.rows_only:
            counting = self.bound(sight.rows_only)
        taken = Warehouse(self._home, self.version, sight=sight, counting=counting)
        self._taken.add(taken)
        return taken

    def query(self, sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None) -> pa.Table:
        """Rows of one select as an Arrow table; amounts stay decimal. ``params`` fill ``$name`` or ``$1``."""
        with self._connection.cursor() as cursor:
            return cursor.execute(self._within(sql), self._as_stored(params)).to_arrow_table()

    def batches(
        self, sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The rows of ``query`` piece by piece, for results that are too long to hold."""
        with self._connection.cursor() as cursor:
            found = cursor.sql(self._within(sql), params=self._as_stored(params))
            yield from found.to_arrow_reader(BATCH_ROWS)

    def once(self, what: Hashable, make: Callable[[], Made]) -> Made:
        """What no choice of a reader changes within a version, made at the first asking."""
        if what not in self._known:
            self._known[what] = make()
        found: Made = self._known[what]
        return found

    def _within(self, sql: str) -> str:
        """The statement, if it keeps to the views, which it then finds."""
        if not self.sight.is_whole and AROUND.search(sql):
            raise PermissionError("a statement for a person reads the views only")
        self._views.make(sql)
        return sql

    def _as_stored(
        self, params: Mapping[str, Any] | Sequence[Any] | None
    ) -> Mapping[str, Any] | Sequence[Any] | None:
        """Values as the views have them: stored ids of hits are hashes where ids are masked."""
        if self.sight.persons or not isinstance(params, Mapping) or not ID_PARAMETERS & params.keys():
            return params
        return {
            name: [opaque(self._key, one) for one in value] if name in ID_PARAMETERS else value
            for name, value in params.items()
        }

    def names(self) -> list[str]:
        """What can be read: marts, ``stg_<table>``, ``lake.<table>``, and the ``_meta`` tables."""
        return list(self._views.names)

    def close(self) -> None:
        """Let go of the file at once. A version that others may use is better left to its last user."""
        for taken in tuple(self._taken):
            taken.close()
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
        self._taken: weakref.WeakSet[Warehouse] = weakref.WeakSet()
        self._monotonic = monotonic
        self._looking = threading.Lock()
        self._open: Warehouse | None = None
        self._looked_at = float("-inf")
        self._binding = threading.Lock()
        self._bound: dict[Sight, Warehouse] = {}

    def current(self, sight: Sight = EVERYTHING) -> Warehouse:
        """The served version as this sight shows it, one warehouse per sight; raises UserError before the first build."""
        whole = self._whole()
        if sight.is_whole:
            return whole
        with self._binding:
            self._bound = {seen: one for seen, one in self._bound.items() if one.version == whole.version}
            return self._of(whole, sight)

    def _of(self, whole: Warehouse, sight: Sight) -> Warehouse:
        if sight.is_whole:
            return whole
        if sight not in self._bound:
            counting = None if sight == sight.rows_only else self._of(whole, sight.rows_only)
            self._bound[sight] = whole.bound(sight, counting)
        return self._bound[sight]

    def _whole(self) -> Warehouse:
        warehouse = self._open
        if warehouse is not None and self._monotonic() - self._looked_at < LOOK_EVERY_SECONDS:
            return warehouse
        # While one thread opens a new version the others go on with the one they have.
        if not self._looking.acquire(blocking=warehouse is None):
            return warehouse or self._whole()
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
