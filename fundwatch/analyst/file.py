"""The analysts' file of a version: made from its serving file when first asked for, never written afterwards.

It lies in ``<home>/warehouse/analyst`` under a new name whenever the version or the declaration differs. Old ones go when
their version goes.
"""

# ruff: noqa: S608 - names come from the declaration, paths are quoted literals

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from fundwatch.analyst.tables import AnalystTable, analyst_tables
from fundwatch.build.publish import serving_file, versions
from fundwatch.build.sources import first_line, literal
from fundwatch.contracts import code_lists, contracts
from fundwatch.errors import UserError
from fundwatch.home import Home

FOLDER = "analyst"
PREFIX = "analyst-"


def analyst_file(home: Home, version: str) -> Path:
    """The analysts' file of a version; makes it when it is not there.

    Raises UserError when the version's serving file is gone or a table cannot be made.
    """
    source = serving_file(home, version)
    folder = home.warehouse / FOLDER
    target = folder / f"{PREFIX}{version}-{_fingerprint()}.duckdb"
    if target.is_file():
        return target
    if not source.is_file():
        raise UserError(f"版本 {version} 的服务文件不存在。")
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one(folder):
        if not target.is_file():
            _make(source, target)
            _drop_old(home, folder, target)
    return target


def _make(source: Path, target: Path) -> None:
    half = target.with_suffix(".new")
    for left in (half, half.with_name(f"{half.name}.wal")):
        left.unlink(missing_ok=True)
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach {literal(str(source))} as wh (read_only)")
        connection.execute(f"attach {literal(str(half))} as made (block_size 16384)")
        connection.register("code_words", _code_words())
        connection.register("contract_titles", _contract_titles())
        connection.execute("set search_path = 'wh.main,memory.main'")
        for table in analyst_tables().values():
            _copy(connection, table)
        connection.execute("use memory")
        connection.execute("detach made")
    os.replace(half, target)


def _copy(connection: duckdb.DuckDBPyConnection, table: AnalystTable) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    try:
        # The columns are named once more: a select of its own cannot bring others along.
        connection.execute(
            f'create table made.main."{table.name}" as select {columns} from (\n{table.sql}\n)'
        )
    except duckdb.Error as error:
        raise UserError(f"分析表 {table.name} 无法生成:{first_line(error)}") from error


def _code_words() -> pa.Table:
    rows = [(name, code, word) for name, words in code_lists().items() for code, word in words.items()]
    names, codes, words = zip(*rows, strict=True)
    return pa.table({"list": list(names), "code": list(codes), "label": list(words)})


def _contract_titles() -> pa.Table:
    return pa.table({
        "table_name": list(contracts()), "title": [contract.title for contract in contracts().values()],
    })  # fmt: skip


def _fingerprint() -> str:
    """A short hash of all that decides what the file holds, besides the version."""
    parts = [[t.name, t.sql, [c.name for c in t.columns]] for t in analyst_tables().values()]
    text = json.dumps([parts, code_lists()], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Sessions and commands that ask at the same time wait for the one that makes the file."""
    with (folder / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _drop_old(home: Home, folder: Path, target: Path) -> None:
    """Remove files of versions that are gone, and of this version under an earlier declaration."""
    kept = set(versions(home))
    for path in folder.glob(f"{PREFIX}*.duckdb"):
        version = path.stem.removeprefix(PREFIX).rpartition("-")[0]
        if path != target and (version not in kept or target.name.startswith(f"{PREFIX}{version}-")):
            path.unlink()
