"""Opens a file of any accepted kind as rows of text cells."""

from __future__ import annotations

from pathlib import Path

import duckdb

from fundwatch.contracts import Contract
from fundwatch.loader.limits import Limits
from fundwatch.loader.report import Refused
from fundwatch.loader.stage import Cells, text_cells
from fundwatch.loader.text import TEXT_SUFFIXES, open_text

ACCEPTED = "CSV、XLSX、Parquet,以及 CSV 的 .zip、.gz"


def open_cells(
    connection: duckdb.DuckDBPyConnection, contract: Contract, path: Path, work: Path, limits: Limits
) -> Cells:
    """The file's rows with their header; raises Refused with the reason."""
    suffix = path.suffix.lower()
    if suffix in (*TEXT_SUFFIXES, ".gz", ".zip"):
        return text_cells(open_text(contract, path, work, limits))
    raise Refused(f"不支持的文件类型 {suffix or '(无扩展名)'}。可以载入:{ACCEPTED}。")
