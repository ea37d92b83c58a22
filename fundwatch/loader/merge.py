"""Puts staged rows beside those in force: what is new, what replaces, what is the same, and the files to write.

In one file the last row of a key is in force; earlier ones that differ from it are overtaken and go to the history.
"""
# ruff: noqa: S608 - names come from contracts, paths are our own; values never enter the text

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from fundwatch.contracts import Contract
from fundwatch.lake import HISTORY, Lake, LakeFile
from fundwatch.lake_sound import verify
from fundwatch.loader.held import by_month, gathered
from fundwatch.loader.stage import lake_types

#: a month with this many files is written anew as one, so that reading stays fast after many small loads
FILES_PER_MONTH = 8
#: the column that claims are kept together by: a letter, H or P, and 11 digits
INSTITUTION = "fixmedins_code"
#: rows up to which institution and row fit into one 64-bit number
FIT_ONE_NUMBER = 1 << 25
#: delta encodings (v2) make a claim file a third smaller, and cheaper to write than harder compression of the old ones does;
#: texts with more values than the limit in a row group are no lists of words: trying to make one of them costs time only
PARQUET = (
    "format parquet, parquet_version v2, compression zstd, compression_level 1, row_group_size 122880,"
    " dictionary_size_limit 10000"
)


@dataclass(frozen=True)
class NewFile:
    """A Parquet file written for a batch; ``path`` is relative to the table's folder."""

    path: str
    ym: str | None
    rows: int
    size: int


@dataclass(frozen=True)
class Merge:
    """What the batch does to the table: the account of its good rows, files to add and files to take out."""

    loaded: int
    replaced: int
    duplicates: int
    added: list[NewFile] = field(default_factory=list)
    removed: list[LakeFile] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        return bool(self.added or self.removed)


def merge(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    lake: Lake,
    batch_id: str,
    held: pa.Table | None = None,
) -> Merge:
    """Compare the view ``good`` (contract columns, ``_batch_id``, ``_row_no``, ``_order``) with the lake.

    ``held``: the file's rows, ``_order`` being their place, where they are in memory.
    Data and history files are written; nothing counts before the commit.
    """
    good = _count(connection, "select count(*) from good")
    overtaken, repeated = _last_row_wins(connection, contract)
    files = lake.files(contract.table)
    same, different = _meet(connection, contract, lake, files)
    new = good - overtaken - repeated - same - different
    counts = (new, overtaken + different, repeated + same)
    if new + different == 0:
        return Merge(*counts)
    removed = _files_to_rewrite(connection, contract, lake, files)
    verify(lake, contract.table, [file.path for file in removed])
    _write_history(connection, contract, lake, batch_id, overtaken + different)
    if held is not None and not removed:
        added = _write_held(connection, contract, lake, batch_id, held)
    else:
        added = _write(connection, contract, lake, batch_id, removed)
    return Merge(*counts, added=added, removed=removed)


def _last_row_wins(connection: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[int, int]:
    """Set aside all rows of a key but the last; returns how many differ from it and how many repeat it."""
    key = _names(contract.key)
    connection.execute(
        f"create temp table aside as select _order, last_order, false as same from"
        f" (select _order, max(_order) over (partition by {key}) as last_order from good semi join"
        f" (select {key} from good group by {key} having count(*) > 1) as twice on {_equal(contract.key, 'good', 'twice')})"
        " where _order < last_order"
    )
    if not _count(connection, "select count(*) from aside"):
        return 0, 0
    content = _equal([c.name for c in contract.columns], "early", "late")
    connection.execute(
        f"update aside set same = true from good as early, good as late"
        f" where early._order = aside._order and late._order = aside.last_order and {content}"
    )
    repeated = _count(connection, "select count(*) from aside where same")
    return _count(connection, "select count(*) from aside") - repeated, repeated


def _meet(
    connection: duckdb.DuckDBPyConnection, contract: Contract, lake: Lake, files: Sequence[LakeFile]
) -> tuple[int, int]:
    """Find the rows of ``coming`` whose key is in force already: how many equal it, how many differ from it."""
    set_aside = _count(connection, "select count(*) from aside")
    # Joins with nothing cost a claim file seconds, so they are left out where they would do nothing.
    without = " anti join aside using (_order)" if set_aside else ""
    connection.execute(f"create temp view coming as select * from good{without}")
    _view_of_lake(connection, contract, lake, files)
    met = _equal(contract.key, "coming", "old")
    connection.execute(f"create temp table met as select _order from coming semi join old on {met}")
    content = _equal([c.name for c in contract.columns], "coming", "old")
    # Mostly no key is met; then the lake is not read a second time.
    some = "" if _count(connection, "select count(*) from met") else " where false"
    connection.execute(
        f"create temp table meeting as select coming._order as _order, {content} as same, old._file as _file"
        f" from coming semi join met using (_order) join old on {met}{some}"
    )
    same = _count(connection, "select count(*) from meeting where same")
    return same, _count(connection, "select count(*) from meeting") - same


def _view_of_lake(
    connection: duckdb.DuckDBPyConnection, contract: Contract, lake: Lake, files: Sequence[LakeFile]
) -> None:
    names = [*(column.name for column in contract.columns), "_batch_id", "_row_no"]
    if not files:
        connection.execute(
            "create temp view old as select * exclude (_order), '' as _file from good where false"
        )
        return
    paths = ", ".join(_literal(str(lake.home.root / file.path)) for file in files)
    if contract.by_month:
        rows = (
            f"read_parquet([{paths}], filename = true, hive_partitioning = true, hive_types_autocast = false)"
        )
    else:
        # A column that the contract gained later is missing in files written before: there it is null.
        rows = (
            "(select * exclude (_order), '' as filename from good where false union all by name select * from"
            f" read_parquet([{paths}], filename = true, hive_partitioning = false, union_by_name = true))"
        )
    connection.execute(f"create temp view old as select {_names(names)}, filename as _file from {rows}")


def _files_to_rewrite(
    connection: duckdb.DuckDBPyConnection, contract: Contract, lake: Lake, files: Sequence[LakeFile]
) -> list[LakeFile]:
    """Files that hold a row to be replaced, and every file of a month that has come to many small ones."""
    hit = {
        path for (path,) in connection.execute("select distinct _file from meeting where not same").fetchall()
    }
    growing = {month and f"{month:%Y-%m}" for month in _months(connection, contract, "coming")}
    crowded = {ym for ym in growing if sum(file.ym == ym for file in files) >= FILES_PER_MONTH}
    return [file for file in files if str(lake.home.root / file.path) in hit or file.ym in crowded]


def _write_history(
    connection: duckdb.DuckDBPyConnection, contract: Contract, lake: Lake, batch_id: str, rows: int
) -> None:
    """Rows taken out of force by this batch: of the lake, and of the file itself."""
    if not rows:
        return
    folder = lake.root / HISTORY / contract.table
    folder.mkdir(parents=True, exist_ok=True)
    names = _names([*(column.name for column in contract.columns), "_batch_id", "_row_no"])
    met = _equal(contract.key, "old", "coming")
    connection.execute(
        f"copy (select {names}, {_literal(batch_id)} as _replaced_by from old semi join"
        f" (select coming.* from coming semi join (from meeting where not same) as m using (_order)) as coming on {met}"
        f" union all select {names}, {_literal(batch_id)} from good semi join (from aside where not same) as a using (_order))"
        f" to {_literal(str(folder / f'{batch_id}.parquet'))} ({PARQUET})"
    )


def _write(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    lake: Lake,
    batch_id: str,
    removed: Sequence[LakeFile],
) -> list[NewFile]:
    """Write the rows that change and those of the files taken out, one sorted file per month."""
    typed = _outcome(connection, contract, lake, removed)
    months = _months(connection, contract, "outcome")
    order = _order_of_rows(contract, _count(connection, "select count(*) from staged"), mixed=bool(removed))
    added = []
    for number, month in enumerate(months):
        ym = month and f"{month:%Y-%m}"
        path, target = _target(lake, contract, ym, f"{batch_id}-{number}")
        connection.execute("set variable month = $month", {"month": month})
        # Sorted as they were read, and turned into the lake's types after that: enumerations and no constant column
        # make the sort a third cheaper (benchmarks/loader.py).
        rows = connection.execute(
            f"copy (select {typed} from (from outcome {_only_month(contract, len(months))} {order}))"
            f" to {_literal(str(target))} ({PARQUET})"
        ).fetchone()[0]  # type: ignore[index]
        added.append(NewFile(path, ym, rows, target.stat().st_size))
    return added


def _write_held(
    connection: duckdb.DuckDBPyConnection, contract: Contract, lake: Lake, batch_id: str, held: pa.Table
) -> list[NewFile]:
    """Write the rows that change from memory, one sorted file per month."""
    chosen = None
    kept = "select _order from coming anti join (from meeting where same) as m using (_order) order by _order"
    if _count(connection, f"select count(*) from ({kept})") < held.num_rows:
        chosen = connection.execute(kept).fetchnumpy()["_order"]
    rows = held.select([*(column.name for column in contract.columns), "_row_no"])
    added = []
    for number, (month, order) in enumerate(by_month(rows, contract, chosen)):
        ym = month and f"{month:%Y-%m}"
        path, target = _target(lake, contract, ym, f"{batch_id}-{number}")
        connection.register("gathered", gathered(rows, order))
        connection.execute(
            f"copy (select {lake_types(contract)}, getvariable('batch_id') as _batch_id, _row_no from gathered)"
            f" to {_literal(str(target))} ({PARQUET})"
        )
        connection.unregister("gathered")
        added.append(NewFile(path, ym, len(order), target.stat().st_size))
    return added


def _target(lake: Lake, contract: Contract, ym: str | None, name: str) -> tuple[str, Path]:
    """A new file's path inside the table's folder, and the whole of it; the folder of its month exists afterwards."""
    path = f"{f'ym={ym}/' if ym else ''}{name}.parquet"
    target = lake.root / contract.table / path
    target.parent.mkdir(parents=True, exist_ok=True)
    return path, target


def _outcome(
    connection: duckdb.DuckDBPyConnection, contract: Contract, lake: Lake, removed: Sequence[LakeFile]
) -> str:
    """Create the view ``outcome`` of the rows to write; returns the select list that gives them the lake's types."""
    names = _names([*(column.name for column in contract.columns), "_batch_id", "_row_no"])
    same = _count(connection, "select count(*) from meeting where same")
    if not removed and not same and not _count(connection, "select count(*) from aside"):
        connection.execute(
            "create temp view outcome as select * exclude (_cells) from numbered where not _faulty"
        )
        return f"{lake_types(contract)}, getvariable('batch_id') as _batch_id, _row_no"
    survivors = ""
    if removed:
        kept = ", ".join(_literal(str(lake.home.root / file.path)) for file in removed)
        survivors = (
            f" union all select {names}, null from old anti join"
            " (select coming.* from coming semi join (from meeting where not same) as m using (_order)) as coming"
            f" on {_equal(contract.key, 'old', 'coming')} where _file in ({kept})"
        )
    unchanged = " anti join (from meeting where same) as m using (_order)" if same else ""
    connection.execute(
        f"create temp view outcome as select {names}, _order from coming{unchanged}{survivors}"
    )
    return names


def _order_of_rows(contract: Contract, rows: int, *, mixed: bool) -> str:
    """Rows of one file: by institution, in the file's own order; with rows in force among them: by the contract's sort.

    One whole number as the key sorts a million claims 0.5 s faster than two texts (benchmarks/loader.py).
    """
    if not contract.sort:
        return ""
    if mixed or contract.sort[0] != INSTITUTION or rows >= FIT_ONE_NUMBER:
        return f"order by {_names(contract.sort)}"
    kind = f"case when {INSTITUTION}[1] = 'P' then 100000000000 else 0 end"
    return f"order by (cast({INSTITUTION}[2:] as bigint) + {kind}) * {FIT_ONE_NUMBER} + _order"


def _months(connection: duckdb.DuckDBPyConnection, contract: Contract, view: str) -> list[dt.date | None]:
    """First days of the months of a view's rows, in order; one None for a table not kept by month."""
    if not contract.by_month:
        return [None]
    month = f"cast(date_trunc('month', \"{contract.dated_by}\") as date)"
    return [
        month for (month,) in connection.execute(f"select distinct {month} from {view} order by 1").fetchall()
    ]


def _only_month(contract: Contract, months: int) -> str:
    """A range of days: cheaper than forming the month of every row again."""
    if months == 1:
        return ""
    dated = f'"{contract.dated_by}"'
    return f"where {dated} >= getvariable('month') and {dated} < getvariable('month') + interval 1 month"


def _equal(names: Sequence[str], left: str, right: str) -> str:
    return " and ".join(f'{left}."{name}" is not distinct from {right}."{name}"' for name in names)


def _names(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _literal(text: str) -> str:
    """A quoted string, for paths of our own making in statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return connection.execute(query).fetchall()[0][0]
