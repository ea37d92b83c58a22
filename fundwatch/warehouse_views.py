"""The views over one serving file and the lake's files of its version, as one sight shows them (``fundwatch.warehouse``)."""

# ruff: noqa: S608 - names come from the serving file itself, values are parameters

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from fundwatch.access import Sight
from fundwatch.build.sources import lake_select, literal, unreadable
from fundwatch.errors import damage_trouble
from fundwatch.kpi.writer import PROVIDERS, REGISTER
from fundwatch.masking import OF_INSURED, Lens

Columns = Sequence[tuple[str, str]]
WORD, LAKE = re.compile(r"\w+"), "lake."
#: the county of a registered institution, and columns of it that older versions lack
COUNTY_SQL = "coalesce(fix_blng_admdvs, substring(fixmedins_code, 2, 6))"
LATER = {
    "dim_institution": {"admdvs": COUNTY_SQL},
    **{table: {"insu_admdvs": "cast(null as varchar)"} for table in OF_INSURED},
}


class Views:
    """The views of one session, each made when a statement first names it: a question needs few of two hundred (decision 318)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        #: what can be read
        self.names: list[str] = []
        self._connection = connection
        self._missing: dict[str, str] = {}
        self._columns: dict[str, Columns] = {}
        self._making = threading.RLock()
        self._known: set[int] = set()

    def add(self, name: str, select: str, *, of_lake: Columns = (), named: bool = True) -> None:
        """A view by its name, one of the lake as ``lake.<table>`` with its columns; ``named``: a reader may be told of it."""
        self._missing[name] = select
        if of_lake:
            self._columns[name] = of_lake
        if named:
            self.names.append(name)

    def make(self, sql: str) -> None:
        """Make what a statement names, by itself or through other views. A name that stands there as a mere word does no harm."""
        asked = hash(sql)
        if asked in self._known:
            return
        words = set(WORD.findall(sql.lower()))
        with self._making:
            for name in [name for name in self._missing if name.removeprefix(LAKE) in words]:
                if (select := self._missing.get(name)) is not None:
                    self._make(name, select)
        self._known.add(asked)

    def _make(self, name: str, select: str) -> None:
        del self._missing[name]
        self.make(select)
        place = f'lake."{name.removeprefix(LAKE)}"' if name.startswith(LAKE) else f'"{name}"'
        try:
            self._connection.execute(f"create view {place} as {select}")
        except duckdb.Error as error:
            words = damage_trouble(error)
            if words is None or name not in self._columns:
                self._missing[name] = select
                raise
            # numbers stand in the version's own file; whoever asks for these rows is told
            self._connection.execute(f"create view {place} as {unreadable(self._columns[name], words)}")


def open_views(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    root: Path,
    *,
    memory_limit: str,
    sight: Sight,
    key: str,
) -> Views:
    """Attach, find the views, then lock: afterwards nothing outside the version can be reached."""
    connection.execute(f"attach {literal(str(file))} as wh (read_only)")
    lake = _lake_selects(connection, root)
    tables = _tables(connection)

    def whole(table: str) -> str:
        return lake[table][1] if table in lake else f"select * from {_as_of_today(table, tables[table])[0]}"

    institutions, others = _institutions(connection, sight)
    lens, views = Lens(sight, key, institutions, whole, others), Views(connection)
    _add_tables(views, tables, lens)
    connection.execute("create schema lake")
    for table, (columns, select) in lake.items():
        shown = select if sight.is_whole else lens.select(table, columns, f"({select})")
        views.add(f"{LAKE}{table}", shown, of_lake=columns)
    own = [table for table in tables if lens.is_summed(table)]
    models = "select model, sql from wh.main._meta_models where starts_with(model, 'stg_') or list_contains($own, model)"
    for model, sql in connection.execute(models, {"own": own}).fetchall():
        views.add(model, sql)
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
    return views


def _lake_selects(
    connection: duckdb.DuckDBPyConnection, root: Path
) -> dict[str, tuple[list[tuple[str, str]], str]]:
    """Lake table → its columns with types, and the select of its rows in this version."""
    about = "select table_name, columns from wh.main._meta_tables order by table_name"
    tables = connection.execute(about).fetchall()
    paths = connection.execute("select table_name, path from wh.main._meta_files order by all").fetchall()
    found = {}
    for table, text in tables:
        columns = [(name, kind) for name, kind in json.loads(text)]
        own = [path for name, path in paths if name == table]
        found[table] = (columns, lake_select(f'lake."{table}"', columns, own, root))
    return found


def _institutions(connection: duckdb.DuckDBPyConnection, sight: Sight) -> tuple[list[str], list[str]]:
    """The codes of the sight's institutions, as they are registered now, and for a county those it must leave out (``Lens``)."""
    if not sight.is_local:
        return [], []
    sql = f"""select fixmedins_code, {COUNTY_SQL} = $county as is_own from wh.main.dim_institution
        where ($town is null or town_code = $town)
        and ($county is null or $town is not null or ({COUNTY_SQL} = $county) <> (substring(fixmedins_code, 2, 6) = $county))
        order by fixmedins_code"""
    rows = connection.execute(sql, {"town": sight.town, "county": sight.county}).fetchall()
    own = [code for code, is_own in rows if is_own or sight.county is None]
    return own, [code for code, is_own in rows if not is_own and sight.county is not None]


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """Table of the file → its columns with types."""
    rows = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() where database_name = 'wh'"
        " order by table_name, column_index"
    ).fetchall()
    tables: dict[str, list[tuple[str, str]]] = {}
    for table, name, kind in rows:
        tables.setdefault(table, []).append((name, kind))
    return tables


def _add_tables(views: Views, tables: Mapping[str, Columns], lens: Lens) -> None:
    """A view in the session for every table of the file, so that queries need no catalog name."""
    for table, columns in tables.items():
        if lens.is_summed(table):
            continue
        source, known = _as_of_today(table, columns)
        about = table.startswith("_meta")
        views.add(table, f"select * from {source}" if about else lens.select(table, known, source))
        if table == REGISTER:
            # a county's insured are treated elsewhere too: their benefits name those places
            providers = lens.select(table, known, source, all_rows=lens.sight.town is None)
            views.add(PROVIDERS, providers, named=False)
    if "dim_county" not in tables:
        views.add("dim_county", "select '' as admdvs, '' as admdvs_name where 1 = 0", named=False)


def _as_of_today(table: str, columns: Columns) -> tuple[str, Columns]:
    """Source and columns of a table, with those that versions built before several counties could be held do not have."""
    source, names = f'wh.main."{table}"', {name for name, _ in columns}
    added = {name: sql for name, sql in LATER.get(table, {}).items() if name not in names}
    if not added:
        return source, columns
    more = ", ".join(f"{sql} as {name}" for name, sql in added.items())
    return f"(select *, {more} from {source})", [*columns, *((name, "VARCHAR") for name in added)]
