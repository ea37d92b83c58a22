"""The lake: typed Delta tables, one per contract table, with the history of every load beside them.

A table's Delta commit is the only switch of a load: files written before it (rows, history, quarantine) count for nothing
until it names their batch. Reading needs no lock. Writing is the loader's alone (``fundwatch.loader.commit``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from fundwatch.contracts import contracts
from fundwatch.errors import AGAIN_FROM_BACKUP, DamagedError
from fundwatch.home import Home

BATCHES = "_batches"
HISTORY = "_history"
QUARANTINE = "_quarantine"
#: what a load keeps while it works; its content counts for nothing and is removed by the next load
WORK = "_work"
#: key of the commit metadata that holds the batch as JSON
BATCH_KEY = "fundwatch_batch"
#: key of the commit metadata that holds the SHA-256 of each file it adds, by path in the table's folder, as JSON
CHECKSUMS_KEY = "fundwatch_sha256"
#: data files are named <batch id>-<number>.parquet, so that a file tells which commit must vouch for it
DATA_FILE = re.compile(r"(?P<batch>\d{8}T\d{12}-[0-9a-f]{8})-\d+\.parquet")

QUARANTINE_SCHEMA = pa.schema(
    [
        ("batch_id", pa.string()), ("table_name", pa.string()), ("file", pa.string()), ("row_no", pa.int64()),
        ("column_name", pa.string()), ("value", pa.string()), ("reason", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class LakeFile:
    """One Parquet file of a table: path relative to the home, month (None: table not kept by month), rows."""

    path: str
    ym: str | None
    rows: int


@dataclass(frozen=True)
class Batch:
    """One file that a load looked at. ``loaded_at`` is Asia/Shanghai, ISO; ``file`` is a name without folders.

    ``rows_read = loaded + replaced + duplicates + quarantined`` always.
    """

    batch_id: str
    loaded_at: str
    file: str
    sha256: str
    table: str | None
    status: str
    rows_read: int = 0
    loaded: int = 0
    replaced: int = 0
    duplicates: int = 0
    quarantined: int = 0
    unknown_columns: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    masked: int = 0
    warnings: list[str] = field(default_factory=list)
    refused_because: str | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Batch:
        return cls(**json.loads(text))


class Lake:
    """Read side of a home's lake. Every call looks at the newest committed state."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.root = home.lake

    def tables(self) -> list[str]:
        """Contract tables that have been loaded, in alphabetical order."""
        return [table for table in contracts() if self.delta(table)]

    def version(self, table: str) -> int | None:
        """Delta version of a table; None when it was never loaded."""
        delta = self.delta(table)
        return delta.version() if delta else None

    def files(self, table: str) -> list[LakeFile]:
        """Data files of the newest version, ordered by month and path; empty when never loaded."""
        delta = self.delta(table)
        if delta is None:
            return []
        folder = self.root.relative_to(self.home.root) / table
        found = [
            LakeFile(f"{folder.as_posix()}/{add['path']}", add.get("partition.ym"), add["num_records"])
            for add in pa.table(delta.get_add_actions(flatten=True)).to_pylist()
        ]
        return sorted(found, key=lambda file: (file.ym or "", file.path))

    def months(self, table: str) -> dict[str | None, frozenset[str]]:
        """Month → paths of its files; the one key is None for a table that is not kept by month."""
        found: dict[str | None, set[str]] = {}
        for file in self.files(table):
            found.setdefault(file.ym, set()).add(file.path)
        return {ym: frozenset(paths) for ym, paths in found.items()}

    def batches(self) -> list[Batch]:
        """Every file ever looked at, oldest first, refused and unchanged ones too.

        A batch whose load died between its commit and its line in the log is taken from the commit itself.
        """
        found = {batch.batch_id: batch for batch in self.logged_batches()}
        for batch in self.newest_commits():
            found.setdefault(batch.batch_id, batch)
        return [found[batch_id] for batch_id in sorted(found)]

    def logged_batches(self) -> list[Batch]:
        """Batches in the log ``_batches``."""
        texts = self._rows(BATCHES, ["batch"]).column("batch").to_pylist() if self.delta(BATCHES) else []
        return [Batch.from_json(text) for text in texts]

    def newest_commits(self) -> list[Batch]:
        """The batch of each table's newest commit (only that one can be missing in the log)."""
        texts = [self.delta(table).history(1)[0].get(BATCH_KEY) for table in self.tables()]  # type: ignore[union-attr]
        return [Batch.from_json(text) for text in texts if text]

    def quarantine(self, batch_id: str | None = None) -> pa.Table:
        """Rows that did not load (``QUARANTINE_SCHEMA``), of one batch or of all; never holds a personal value."""
        wanted = [batch.batch_id for batch in self.batches() if batch_id in (None, batch.batch_id)]
        paths = [self.root / QUARANTINE / f"{name}.parquet" for name in wanted]
        return _concat(
            [pq.read_table(path, schema=QUARANTINE_SCHEMA) for path in paths if path.exists()],
            QUARANTINE_SCHEMA,
        )

    def history(self, table: str) -> pa.Table:
        """Replaced rows of a table: its columns, ``_batch_id`` and ``_row_no`` they came with, ``_replaced_by``."""
        wanted = [batch.batch_id for batch in self.batches() if batch.table == table]
        paths = [self.root / HISTORY / table / f"{name}.parquet" for name in wanted]
        return _concat([pq.ParquetFile(path).read() for path in paths if path.exists()], pa.schema([]))

    def checksums(self, table: str) -> dict[str, str]:
        """Path relative to the home → SHA-256 as it was written; files of older programs are missing here."""
        delta = self.delta(table)
        folder = f"{self.root.relative_to(self.home.root).as_posix()}/{table}"
        found: dict[str, str] = {}
        for commit in delta.history() if delta else []:
            found |= json.loads(commit.get(CHECKSUMS_KEY, "{}"))
        return {f"{folder}/{path}": digest for path, digest in found.items()}

    def delta(self, table: str) -> DeltaTable | None:
        """The Delta table, or None when nothing was committed yet; raises DamagedError when its log cannot be read."""
        folder = self.root / table
        if not (folder / "_delta_log").is_dir():
            return None
        try:
            return DeltaTable(folder) if DeltaTable.is_deltatable(str(folder)) else None
        except (DeltaError, UnicodeDecodeError) as error:
            raise DamagedError(
                f"数据湖的表 {table} 的提交记录(lake/{table}/_delta_log)损坏。{AGAIN_FROM_BACKUP}"
            ) from error

    def _rows(self, table: str, columns: list[str]) -> pa.Table:
        paths = [self.home.root / file.path for file in self.files(table)]
        return pa.concat_tables(pq.ParquetFile(path).read(columns=columns) for path in paths)


def _concat(tables: Iterable[pa.Table], empty: pa.Schema) -> pa.Table:
    found = list(tables)
    return pa.concat_tables(found, promote_options="permissive") if found else empty.empty_table()
