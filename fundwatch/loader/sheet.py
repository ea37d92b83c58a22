"""The first sheet of an XLSX workbook as rows of text cells.

Calamine reads formulas by their stored result and turns an error into nothing; both would load as silent blanks. So the
sheet's XML is looked at too: a formula without a result, an error, a merged cell among the data are faults of the row.
"""
# ruff: noqa: S314 - expat 2.4.1 and later limits entity amplification; external entities are never fetched

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import pyarrow as pa

from fundwatch.contracts import Column, Contract
from fundwatch.loader.header import HEADER_WITHIN, Header, find_header
from fundwatch.loader.limits import Limits
from fundwatch.loader.report import Refused
from fundwatch.loader.stage import Cells
from fundwatch.loader.text import check_size
from fundwatch.spreadsheet import Unreadable, opened

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
REFERENCE = re.compile(r"([A-Z]+)(\d+)")
BROKEN = "文件不是 XLSX 工作簿,或不完整、已损坏、已加密。请用 Excel 或 WPS 另存为 .xlsx 后重新载入。"
#: Excel's day 0. Serials before 1910 are refused: 2024 in a cell is a year, not 16 July 1905
EPOCH, FIRST_SERIAL, LAST_SERIAL = dt.datetime(1899, 12, 30), 3_654, 2_958_465
#: a double holds whole numbers exactly to 15 digits; a longer code stored as a number has lost its last digits
EXACT_DIGITS = 1e15
#: binary noise of a spreadsheet's float around an amount of two decimals (precise.md, Loading)
NOISE = 1e-6
DECIMALS = {"amount": 2, "quantity": 4, "percent": 4, "score": 2}

Fault = dict[tuple[int, int], str]


def sheet_cells(
    connection: duckdb.DuckDBPyConnection, contract: Contract, path: Path, limits: Limits
) -> Cells:
    """The rows of the first sheet; raises Refused when the workbook cannot be read or holds no header."""
    faults = _xml_faults(path, limits)
    try:
        with opened(path) as book:
            sheet = book.get_sheet_by_index(0)
            rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
    except Unreadable as error:
        raise Refused(error.message or BROKEN) from error
    except ValueError as error:
        raise Refused(BROKEN) from error
    if not any(cell != "" for row in rows for cell in row):
        raise Refused("文件是空的。")
    header = find_header(contract, [[_plain(cell) or "" for cell in row] for row in rows[:HEADER_WITHIN]])
    for (top, left), (bottom, right) in merged:
        faults |= {
            (row, place): "单元格是合并单元格的一部分"
            # a merged area may reach to the end of the format; what counts are the cells there are
            for row in range(max(top, header.first_data_row - 1), min(bottom + 1, len(rows)))
            for place in range(left, min(right + 1, header.width))
            if (row, place) != (top, left)
        }
    connection.register("sheet", _arrow(contract, header, rows, faults))
    return Cells("sheet", {}, header, header.first_data_row, has_faults=True)


def _arrow(contract: Contract, header: Header, rows: Sequence[Sequence[Any]], faults: Fault) -> pa.Table:
    data: dict[str, list[str | None]] = {f"c{place}": [] for place in range(header.width)}
    notes: list[str | None] = []
    fields = {place: contract.by_name[name] for name, place in header.position.items()}
    for number, row in enumerate(rows[header.first_data_row - 1 :], header.first_data_row - 1):
        found = []
        for place in range(header.width):
            column = fields.get(place)
            value = row[place] if place < len(row) else ""
            text, fault = _text(column, value) if column else (None, None)
            data[f"c{place}"].append(text)
            fault = faults.get((number, place), fault) if column else None
            if fault and column:
                found.append(f"{column.label}({column.name}){fault}")
        notes.append(";".join(found) or None)
    columns = {name: pa.array(texts, pa.string()) for name, texts in data.items()}
    return pa.table(columns | {"c_fault": pa.array(notes, pa.string())})


def _text(column: Column, value: Any) -> tuple[str | None, str | None]:
    """The cell as text that the macros read, and what is wrong with it."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return _plain(value), None
    kind = column.kind
    if kind in ("date", "time", "month", "issue", "quarter"):
        return _date_number(kind, value), None
    if kind in DECIMALS:
        near = round(value, DECIMALS[kind])
        return (f"{near:.{DECIMALS[kind]}f}" if abs(value - near) < NOISE else repr(value)), None
    if kind in ("code", "text", "flag") and abs(value) >= EXACT_DIGITS:
        return None, "在表格里存成了数字,15 位以后的数字已丢失,请改为文本格式重新导出"
    return (str(int(value)) if float(value).is_integer() else repr(value)), None


def _date_number(kind: str, value: float) -> str:
    """20240601 and 202406 as they stand; any other number is Excel's serial of a day."""
    written = str(int(value)) if float(value).is_integer() else ""
    if len(written) == 8 or (len(written) == 6 and kind in ("month", "issue")):
        return written
    whole_days = kind in ("date", "time") or bool(written)
    if not whole_days or not FIRST_SERIAL <= value <= LAST_SERIAL:
        return repr(value)
    moment = EPOCH + dt.timedelta(seconds=round(value * 86400))
    return moment.isoformat(sep=" ")


def _plain(value: Any) -> str | None:
    match value:
        case "":
            return None
        case bool():
            return str(int(value))
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return value.replace(microsecond=0).isoformat(sep=" ")
        case _:
            return str(value)


def _xml_faults(path: Path, limits: Limits) -> Fault:
    """Cells of the first sheet that are errors, or formulas without a stored result, by (row, column) from 0."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_size(sum(member.file_size for member in archive.infolist()), path.stat().st_size, limits)
            workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            properties = workbook.find(f"{MAIN}workbookPr")
            if properties is not None and properties.get("date1904") in ("1", "true"):
                raise Refused(
                    "工作簿使用 1904 日期系统,日期会差四年。请在 Excel 选项中改为 1900 日期系统后另存。"
                )
            with archive.open(_first_sheet(archive, workbook)) as sheet:
                return _scan(sheet)
    except (
        zipfile.BadZipFile,
        zlib.error,
        LookupError,
        ElementTree.ParseError,
        EOFError,
        AttributeError,
        RuntimeError,
        ValueError,
    ) as error:
        # parts missing, cut, of another name or encoding than the format has
        raise Refused(BROKEN) from error


def _first_sheet(archive: zipfile.ZipFile, workbook: ElementTree.Element) -> str:
    wanted = workbook.find(f"{MAIN}sheets/{MAIN}sheet").get(RELATION)  # type: ignore[union-attr]
    for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        if relation.get("Id") == wanted:
            target = relation.get("Target") or ""
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    raise KeyError(wanted)


def _scan(sheet: Any) -> Fault:
    faults: Fault = {}
    for _, element in ElementTree.iterparse(sheet):
        if element.tag == f"{MAIN}c":
            value = element.findtext(f"{MAIN}v")
            if element.get("t") == "e":
                faults[_place(element.get("r", ""))] = f"是错误值 {value}"
            elif element.find(f"{MAIN}f") is not None and not value and element.get("t") != "str":
                faults[_place(element.get("r", ""))] = "是公式但没有计算结果,请在 Excel 中打开保存一次"
        elif element.tag == f"{MAIN}row":
            element.clear()
    return faults


def _place(reference: str) -> tuple[int, int]:
    match = REFERENCE.fullmatch(reference)
    if not match:
        raise KeyError(reference)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
