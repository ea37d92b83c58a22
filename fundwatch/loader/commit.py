"""The write side of the lake: one loader at a time, one Delta commit per file, and tidying up after a load that died."""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, Schema
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from fundwatch.contracts import SQL_TYPES, Contract
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.lake import (
    BATCH_KEY,
    BATCHES,
    CHECKSUMS_KEY,
    DATA_FILE,
    HISTORY,
    QUARANTINE,
    WORK,
    Batch,
    Lake,
)
from fundwatch.lake_sound import sha256
from fundwatch.loader.merge import Merge, NewFile

#: the log of commits is the history of loads: it is never shortened
CONFIGURATION = {"delta.enableExpiredLogCleanup": "false"}
#: files of the log after which it is written as one
LOG_FILES = 50
ARROW_TYPES = {
    "VARCHAR": pa.string(), "BIGINT": pa.int64(), "INTEGER": pa.int32(), "DOUBLE": pa.float64(),
    "DATE": pa.date32(), "TIMESTAMP": pa.timestamp("us"),
}  # fmt: skip


@contextmanager
def only_loader(home: Home) -> Iterator[Path]:
    """Hold the lake's lock, with tidied files and an empty work folder; raises UserError when another load runs.

    The lock is the operating system's: it goes with its process, however that ends.
    """
    with open(home.lake / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError("另一个载入正在进行,请等它结束后再试。") from error
        lake = Lake(home)
        heal(lake)
        sweep(lake)
        work = lake.root / WORK
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def heal(lake: Lake) -> None:
    """Write the log line of a batch whose load died between its commit and its log line."""
    logged = {batch.batch_id for batch in lake.logged_batches()}
    for batch in lake.newest_commits():
        if batch.batch_id not in logged:
            log(lake, batch)


def sweep(lake: Lake) -> None:
    """Remove what loads that died have left: work files, and data files no commit has ever named."""
    shutil.rmtree(lake.root / WORK, ignore_errors=True)
    known = {batch.batch_id for batch in lake.batches()}
    beside = [*(lake.root / QUARANTINE).glob("*.parquet"), *(lake.root / HISTORY).glob("*/*.parquet")]
    for path in beside:
        if path.stem not in known:
            path.unlink()
    for path in [*lake.root.glob("[a-z]*/**/*.parquet"), *(lake.root / BATCHES).glob("*.parquet")]:
        match = DATA_FILE.fullmatch(path.name)
        if match and match["batch"] not in known:
            path.unlink()


def commit(lake: Lake, contract: Contract, merge: Merge, batch: Batch) -> None:
    """Switch the table to its new files in one commit that carries the batch."""
    checksums = {file.path: sha256(lake.root / contract.table / file.path) for file in merge.added}
    properties = CommitProperties(
        custom_metadata={BATCH_KEY: batch.to_json(), CHECKSUMS_KEY: json.dumps(checksums)}
    )
    _switch(lake, contract.table, _schema(contract), merge, properties)


def _switch(lake: Lake, table: str, schema: Schema, change: Merge, properties: CommitProperties) -> None:
    now = int(time.time() * 1000)
    adds = [
        AddAction(file.path, file.size, _partition(file.ym), now, True, json.dumps({"numRecords": file.rows}))
        for file in change.added
    ]
    partition = ["ym"] if any(file.ym for file in change.added) else []
    delta = lake.delta(table)
    if delta is None:
        create_table_with_add_actions(
            str(lake.root / table), schema, adds, mode="error", partition_by=partition,
            configuration=CONFIGURATION, commit_properties=properties,
        )  # fmt: skip
        return
    if later := [field for field in schema.fields if field.name not in _names(delta.schema())]:
        delta.alter.add_columns(later)
    folder = f"{lake.root.relative_to(lake.home.root).as_posix()}/{table}/"
    removes = [
        RemoveAction(file.path.removeprefix(folder), True, now, None, _partition(file.ym))
        for file in change.removed
    ]
    delta.create_write_transaction(
        [*adds, *removes], mode="append", schema=schema, partition_by=delta.metadata().partition_columns,
        commit_properties=properties,
    )  # fmt: skip


def _names(schema: Schema) -> set[str]:
    return {field.name for field in schema.fields}


def _partition(ym: str | None) -> dict[str, str | None]:
    return {"ym": ym} if ym else {}


def log(lake: Lake, batch: Batch) -> None:
    """Add the batch to the log of loads (Delta table ``_batches``); many small files become one now and then."""
    files = lake.files(BATCHES)
    crowded = files if len(files) >= LOG_FILES else []
    batches = [*(lake.logged_batches() if crowded else []), batch]
    rows = pa.table(
        {"batch_id": [each.batch_id for each in batches], "batch": [each.to_json() for each in batches]}
    )
    folder = lake.root / BATCHES
    folder.mkdir(exist_ok=True)
    path = folder / f"{batch.batch_id}-0.parquet"
    pq.write_table(rows, path)
    new = NewFile(path.name, None, len(batches), path.stat().st_size)
    change = Merge(1, 0, 0, added=[new], removed=crowded)
    _switch(lake, BATCHES, Schema.from_arrow(rows.schema), change, CommitProperties())


def write_quarantine(lake: Lake, batch_id: str, rows: pa.Table) -> None:
    """Write the rows that did not load; they count when the batch is committed or logged."""
    folder = lake.root / QUARANTINE
    folder.mkdir(exist_ok=True)
    pq.write_table(rows, folder / f"{batch_id}.parquet")


def _schema(contract: Contract) -> Schema:
    columns = [
        *((c.name, SQL_TYPES[c.kind]) for c in contract.columns),
        ("_batch_id", "VARCHAR"),
        ("_row_no", "BIGINT"),
    ]
    columns += [("ym", "VARCHAR")] if contract.by_month else []
    return Schema.from_arrow(pa.schema([(name, _arrow_type(kind)) for name, kind in columns]))


def _arrow_type(kind: str) -> pa.DataType:
    if kind.startswith("DECIMAL"):
        precision, scale = kind.removeprefix("DECIMAL(").removesuffix(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    return ARROW_TYPES[kind]
