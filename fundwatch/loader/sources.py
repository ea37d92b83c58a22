"""Opens a file of any accepted kind as rows of text cells."""

from __future__ import annotations

import duckdb

from fundwatch.contracts import Contract
from fundwatch.loader.limits import Intake
from fundwatch.loader.parquet import parquet_cells
from fundwatch.loader.report import Refused
from fundwatch.loader.sheet import sheet_cells
from fundwatch.loader.stage import Cells, text_cells
from fundwatch.loader.text import TEXT_SUFFIXES, open_text

ACCEPTED = "CSV、XLSX、Parquet,以及 CSV 的 .zip、.gz"


def open_cells(connection: duckdb.DuckDBPyConnection, contract: Contract, intake: Intake) -> Cells:
    """The file's rows with their header; raises Refused with the reason."""
    path = intake.path
    if not path.stat().st_size:
        raise Refused("文件是空的。")
    suffix = path.suffix.lower()
    if suffix in (*TEXT_SUFFIXES, ".gz", ".zip"):
        return text_cells(contract, open_text(contract, intake))
    if suffix == ".xlsx":
        return sheet_cells(connection, contract, path, intake.limits)
    if suffix == ".parquet":
        return parquet_cells(connection, contract, path)
    raise Refused(f"不支持的文件类型 {suffix or '(无扩展名)'}。可以载入:{ACCEPTED}。")
