"""Whether the lake's files still hold what was written: DuckDB reads an overwritten Parquet file without a word in a third of the cases.

The loader keeps the SHA-256 of every file in the commit that adds it. Builds compare what they are about to read, loads what they
are about to write anew; files written before checksums were kept have nothing to compare with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from fundwatch.errors import AGAIN_FROM_BACKUP, DamagedError, damaged_lake_file
from fundwatch.lake import Lake


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(lake: Lake, table: str, paths: Iterable[str]) -> None:
    """Compare files of a table (paths relative to the home) with what was written; raises DamagedError naming the first that differs."""
    wanted = sorted(paths)
    written = lake.checksums(table) if wanted else {}
    for path in wanted:
        try:
            same = path not in written or sha256(lake.home.root / path) == written[path]
        except FileNotFoundError:
            same = False
        if not same:
            raise DamagedError(damaged_lake_file(table, path.partition(f"/{table}/")[2]))


def nothing_lost(lake: Lake) -> None:
    """Raises DamagedError for a table that the log of loads knows and whose commits are gone: it would look as if never loaded."""
    for table in sorted({batch.table for batch in lake.logged_batches() if batch.table and batch.loaded}):
        if lake.delta(table) is None:
            raise DamagedError(
                f"数据湖的表 {table} 曾经载入过数据,但提交记录(lake/{table}/_delta_log)缺失。{AGAIN_FROM_BACKUP}"
            )
