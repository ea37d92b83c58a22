"""A workbook or a list put into a file: written beside its place, recorded in the log, then moved there in one step."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fundwatch.access import Entry
from fundwatch.errors import UserError
from fundwatch.export import small_cells
from fundwatch.export.files import FORMATS, Rows, write
from fundwatch.export.kpi_list import about, kpi_list
from fundwatch.export.limits import xlsx_rows
from fundwatch.export.log import record_export
from fundwatch.export.text import Column
from fundwatch.screens.fields import header
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.make import Carrier, make
from fundwatch.workbooks.screens import book_of

#: beside a CSV, which has no room for words
BESIDE = ".json"


@dataclass(frozen=True)
class Delivered:
    """A file that was written: where, how many rows, its hash."""

    path: Path
    rows: int
    sha256: str

    @property
    def record(self) -> dict[str, Any]:
        return {"file": str(self.path), "rows": self.rows, "sha256": self.sha256}


def ending_of(path: Path) -> str:
    """xlsx, csv or parquet. Raises UserError for another ending."""
    ending = path.suffix.removeprefix(".").lower()
    if ending not in FORMATS:
        raise UserError(f"文件 {path.name} 的格式不支持,应以 .{'、.'.join(FORMATS)} 结尾。", exit_code=2)
    return ending


def deliver_page(entry: Entry, ask: Ask, carrier: Carrier, path: Path) -> Delivered:
    """The workbook of a screen at ``path``."""
    book = book_of(entry.url_path)
    if book is None:
        raise UserError(f"“{entry.title}”没有工作簿。", exit_code=2)
    if ending_of(path) != "xlsx":
        raise UserError("页面的工作簿只有 .xlsx 格式;CSV 和 Parquet 用于清单(--kpi)。", exit_code=2)
    file = make(entry, book, ask, carrier)
    beside = _beside(path)
    beside.write_bytes(file.content)
    detail = {"format": "xlsx", "screen": entry.url_path, **asked(ask.only(book.bar), carrier)}
    record_export(
        ask.home, carrier.user, f"{entry.title}工作簿", rows=file.rows, sha256=file.sha256, detail=detail
    )
    os.replace(beside, path)
    return Delivered(path, file.rows, file.sha256)


def deliver_list(
    kpi: str, key: Mapping[str, str | None], ask: Ask, carrier: Carrier, path: Path
) -> Delivered:  # fmt: skip
    """The list of a KPI at ``path``; a CSV has its words in ``<name>.json`` beside it."""
    ending = ending_of(path)
    listed = kpi_list(ask, kpi, key, carrier)
    said, beside = about(listed, carrier), _beside(path)
    taken: Rows = listed
    columns = listed.columns
    if carrier.outside:
        least = small_cells.threshold(ask.settings, ask.period.end)
        found = small_cells.protected(listed.part("", (), 0, listed.num_rows), listed.declared, least)
        taken, columns = found.rows, [Column(one.name, header(one), one.codes) for one in found.fields]
        said = [*said, ("对外提供", small_cells.words(least, found.small, found.more))]
    try:
        rows, sha256 = write(
            beside, taken, columns, said, ending=ending, limit=xlsx_rows(ask.settings, ask.period.end)
        )
        detail = {
            "format": ending, "kpi": kpi, "key": dict(key), "columns": [column.name for column in columns],
            **asked(ask, carrier),
        }  # fmt: skip
        record_export(
            ask.home, carrier.user, f"{listed.kpi.label}明细", rows=rows, sha256=sha256, detail=detail
        )
        if ending == "csv":
            words = {"file": path.name, "rows": rows, "sha256": sha256, "about": dict(said)}
            put_text(path.with_name(path.name + BESIDE), json.dumps(words, ensure_ascii=False, indent=2))
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return Delivered(path, rows, sha256)


def asked(ask: Ask, carrier: Carrier) -> dict[str, Any]:
    """What the log says of the question."""
    return {
        "from": ask.period.start.isoformat(), "to": ask.period.end.isoformat(), "filters": ask.filters.for_kpi,
        "version": ask.warehouse.version, **({"why": carrier.why.strip()} if carrier.why.strip() else {}),
        **({"outside": True} if carrier.outside else {}),
    }  # fmt: skip


def put_text(path: Path, text: str) -> None:
    """Write a small text in one step."""
    beside = _beside(path)
    beside.write_text(text + "\n", encoding="utf-8")
    os.replace(beside, path)


def _beside(path: Path) -> Path:
    if not path.parent.is_dir():
        raise UserError(f"目录 {path.parent} 不存在。", exit_code=2)
    for left in path.parent.glob(f".{glob.escape(path.name)}.part-*"):
        # a killed export has left rows of persons where nobody looks for them
        if not Path(f"/proc/{left.name.rpartition('-')[2]}").exists():
            left.unlink(missing_ok=True)
    return path.with_name(f".{path.name}.part-{os.getpid()}")
