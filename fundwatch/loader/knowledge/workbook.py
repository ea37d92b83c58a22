"""From the sheets of a workbook to rows of kb_item_limit or kb_item_pair: one point per code and limit row.

What is a row here (docs/decisions/119): a code of the workbook with one limit that applies to it; a code whose name has no limit,
and a name that has no code, are rows too and go to quarantine. Footers are no rows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import duckdb
import pyarrow as pa

from fundwatch.contracts import Contract, contracts
from fundwatch.lake import Batch
from fundwatch.loader.header import Header, normal
from fundwatch.loader.knowledge import words
from fundwatch.loader.knowledge.sheets import Line, Table, as_text, read_tables
from fundwatch.loader.knowledge.words import LIMIT, NOTHING, PAIR, Reading
from fundwatch.loader.limits import Limits
from fundwatch.loader.report import Refused
from fundwatch.loader.stage import Cells
from fundwatch.loader.text import check_size

#: complete codes of drugs stand for themselves; service items go on after the national code, so they match by prefix
DRUG_CODE = re.compile(r"X[A-Z0-9]{22}|Z[A-Z0-9]{19}")
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-_]{3,}")
#: digits of a service item's code; one that was stored as a number and is shorter has lost its zeros
ITEM_DIGITS = 15
FOOTERS_NAMED = 5
#: columns that say what is limited; a remark stands in their place where there is none of them
LIMITING = frozenset({"value", "count", "period", "description"})
#: a point's cells by contract column, ``row`` and ``fault``
Point = dict[str, str | int | None]


@dataclass(frozen=True)
class Workbook:
    """A recognised workbook: the table its points belong to, their type, and the sheets they come from."""

    table: str
    kind: str
    sheets: list[Table]

    def source(self, path: Path, sha256: str, batches: Sequence[Batch]) -> str:
        """两库第八批-1 from the file's name, else from the name under which the same file was loaded before, else by its content."""
        before = (batch.file for batch in batches if batch.sha256 == sha256 and batch.status == "loaded")
        named = next(filter(None, map(words.batch_of, (path.name, *before))), None)
        return f"两库{named}" if named else f"两库(未注明批次){self.kind}"

    def cells(self, connection: duckdb.DuckDBPyConnection, source: str) -> Cells:
        """The points as text cells of the contract's columns, each with the row it stands in."""
        contract = contracts()[self.table]
        points = [point | {"source": source} for point in self._points()]
        columns = {
            f"c{place}": pa.array([point.get(column.name) for point in points], pa.string())
            for place, column in enumerate(contract.columns)
        }
        columns["c_row"] = pa.array([point["row"] for point in points], pa.int64())
        columns["c_fault"] = pa.array([point.get("fault") for point in points], pa.string())
        connection.register("points", pa.table(columns))
        first = self.sheets[-1]
        header = Header(
            row=first.header_row, first_data_row=first.header_row + 1, width=len(contract.columns),
            position={column.name: place for place, column in enumerate(contract.columns)},
            unknown=[name for sheet in self.sheets for name in sheet.unknown], warnings=self._footers(),
        )  # fmt: skip
        return Cells("points", {}, header, header.first_data_row, has_faults=True, has_rows=True)

    def _points(self) -> Iterator[Point]:
        since = next(
            filter(None, (words.date_in(text) for sheet in self.sheets for text in sheet.around)), None
        )
        for line, point in _joined(self.sheets, self.kind) if self.table == LIMIT else self._pairs():
            point.setdefault("efft_date", _date(line, "efft_date", since))
            point.setdefault("invd_date", _date(line, "invd_date", None))
            yield point

    def _pairs(self) -> Iterator[tuple[Line, Point]]:
        for line in (line for sheet in self.sheets for line in sheet.lines):
            if "part_code" in self.sheets[0].roles:
                a, fault_a = _code(line, "main_code")
                b, fault_b = _code(line, "part_code")
                yield line, {
                    "row": line.row, "pair_type": self.kind, "window": line.text("window") or None, "item_code_a": a,
                    "item_name_a": line.text("main_name") or None, "item_code_b": b,
                    "item_name_b": line.text("part_name") or None, "remark": line.text("description") or None,
                    "fault": fault_a or fault_b,
                }  # fmt: skip
            else:
                code, fault = _code(line, "code")
                group = line.text("value") or None
                yield line, {
                    "row": line.row, "pair_type": self.kind, "item_code_a": code, "item_name_a": line.text("name") or None,
                    "group_name": group, "remark": line.text("description") or None,
                    "fault": fault or (None if group else "没有写明分组"),
                }  # fmt: skip

    def _footers(self) -> list[str]:
        found = [
            f"{f'工作表 {sheet.sheet} ' if len(self.sheets) > 1 else ''}第 {row} 行是表尾或说明,不是知识点:{text[:40]}"
            for sheet in self.sheets
            for row, text in sheet.footers
        ]
        rest = [f"另有 {len(found) - FOOTERS_NAMED} 行表尾或说明"] if len(found) > FOOTERS_NAMED else []
        return found[:FOOTERS_NAMED] + rest


def read_workbook(path: Path, limits: Limits) -> Workbook | None:
    """The workbook, recognised by its headers and by what it says its limits are; None when it is none of these."""
    if path.suffix.lower() != ".xlsx":
        return None
    try:
        with ZipFile(path) as archive:
            check_size(sum(member.file_size for member in archive.infolist()), path.stat().st_size, limits)
    except (BadZipFile, OSError, Refused):
        # Whoever reads it as a table of the contract says what is wrong with it.
        return None
    sheets = read_tables(path)
    for sheet in sheets:
        if {"main_code", "part_code"} <= sheet.roles:
            kind = _kind([sheet])
            return Workbook(*(kind if kind and kind[0] == PAIR else (PAIR, "重复收费")), [sheet])
    coded = [sheet for sheet in sheets if "code" in sheet.roles]
    kind = _kind(sheets)
    if not coded or kind is None or not any(LIMITING & sheet.roles for sheet in sheets):
        return None
    return Workbook(*kind, [*(sheet for sheet in sheets if "code" not in sheet.roles), *coded])


def point_count(connection: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """Knowledge points of the file among those in force: the keys of its good rows."""
    key = ", ".join(f'"{name}"' for name in contract.key)
    return connection.execute(f"select count(*) from (select distinct {key} from good)").fetchone()[0]  # type: ignore[index]  # noqa: S608


def _kind(sheets: Sequence[Table]) -> tuple[str, str] | None:
    """What the column 限定类型 says, else the sheet's name or title, else that there is a count and its unit."""
    written = [line.text("limit_type") for sheet in sheets for line in sheet.lines[:1]]
    titles = [text for sheet in sheets for text in (sheet.sheet, *sheet.around)]
    counted = ["频次"] if any({"count", "unit"} <= sheet.roles for sheet in sheets) else []
    return next(filter(None, map(words.kind_of, [*written, *titles, *counted])), None)


def _joined(sheets: Sequence[Table], kind: str) -> Iterator[tuple[Line, Point]]:
    """Points of the sheets with codes, each with every limit that a sheet without codes gives its name."""
    listed = [sheet for sheet in sheets if "code" not in sheet.roles]
    by_name: dict[str, list[Line]] = {}
    for line in (line for sheet in listed for line in sheet.lines):
        by_name.setdefault(normal(line.text("name")), []).append(line)
    met: set[str] = set()
    for sheet in (sheet for sheet in sheets if "code" in sheet.roles):
        own = not listed or bool({"value", "count", "period"} & sheet.roles)
        for line in sheet.lines:
            name = normal(line.text("name"))
            met.add(name)
            for limit in [line] if own else by_name.get(name, []):
                yield limit, _point(line, limit, kind)
            if not own and name not in by_name:
                missing = f"工作表 {sheet.sheet}:“{line.text('name')}”在工作表 {listed[0].sheet} 中没有限定"
                yield line, _point(line, line, kind) | {"fault": missing}
    for sheet in listed:
        for line in sheet.lines:
            if normal(line.text("name")) not in met:
                missing = f"工作表 {sheet.sheet}:“{line.text('name')}”没有编码"
                yield line, _point(line, line, kind) | {"fault": missing}


def _point(line: Line, limit: Line, kind: str) -> Point:
    """One point: the code of ``line`` under the limit of ``limit`` (the same row where there is one sheet)."""
    code, fault = _code(line, "code")
    limit_type, value, reading = _limit(limit, kind)
    said = limit.text("limit_type")
    if said and words.kind_of(said) != (LIMIT, kind):
        fault = fault or f"限定类型“{said}”与本工作簿的“{kind}”不同"
    return {
        "row": line.row, "limit_type": limit_type, "item_code": code, "item_name": line.text("name") or None,
        "match": "编码" if code and DRUG_CODE.fullmatch(code) else "前缀", "limit_value": value or None,
        "limit_num": None if reading.number is None else str(reading.number), "limit_unit": reading.unit,
        "remark": limit.text("description") or line.text("description") or None,
        "fault": fault or (None if value else "没有写明限定内容"),
    }  # fmt: skip


def _limit(line: Line, kind: str) -> tuple[str, str, Reading]:
    """(limit type, text, reading): from a count and its unit, else a value, else the remark in its place."""
    count, unit, period = line.text("count"), line.text("unit"), line.text("period")
    if period:
        once = count in ("", "1")
        return kind, f"{period}{count}{unit}", words.interval(period) if once else NOTHING
    if "count" in line.cells and kind != "周期频次":
        limit_type, reading = words.frequency(count, unit)
        return limit_type, f"{count}{unit}" if count else "", reading
    value = f"{count}{unit}" if count else line.text("value" if "value" in line.cells else "description")
    return kind, value, words.read_limit(kind, value)


def _code(line: Line, role: str) -> tuple[str | None, str | None]:
    """The code and what is wrong with it."""
    written = line.cells.get(role, "")
    text = as_text(written)
    if not text:
        return None, "没有编码"
    if isinstance(written, (int, float)) and len(text) < ITEM_DIGITS:
        return text, f"编码 {text} 在表格里存成了数字,前面的 0 已丢失,请改为文本格式"
    return text, None if CODE.fullmatch(text) else f"编码“{text[:40]}”不是一个编码"


def _date(line: Line, role: str, otherwise: dt.date | None) -> str | None:
    """The row's own day as written, else the one that the workbook's title or footer names."""
    own = line.cells.get(role, "")
    if isinstance(own, (dt.date, dt.datetime)):
        return own.isoformat()[:10]
    return as_text(own) or (otherwise.isoformat() if otherwise else None)
