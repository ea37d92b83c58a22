"""A file of review results as entries: CSV (UTF-8 or GB18030) or the first sheet of an XLSX workbook, at most 50,000 rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from fundwatch.draws.results import Entry, Refusal, Stage
from fundwatch.errors import UserError
from fundwatch.spreadsheet import Unreadable, opened

MOST_ROWS = 50_000
#: a workbook of that many rows unpacks to a few megabytes
MOST_BYTES, MOST_UNPACKED = 20_000_000, 200_000_000
#: an amount stored as a spreadsheet's float is off by binary noise only
NOISE = Decimal("0.000001")
#: field → the headers that name it; the first is what the template shows
HEADERS = {
    "doc_id": ("单据ID", "doc_id"),
    "amount": ("抽检违规金额", "抽检违规金额(元)", "smpl_vola_amt", "违规金额"),
    "reviewer": ("复审岗位", "smpl_rchker", "抽检复审人"),
    "reviewed_on": ("复审日期", "smpl_rchk_time", "抽检复审时间"),
    "stage": ("阶段", "stage"),
    "why": ("说明", "why"),
}
REQUIRED = ("doc_id", "amount", "reviewer")
SERIAL_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class ReadResults:
    """The rows that could be read, and those that could not; rows are numbered as a spreadsheet does."""

    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...]


def read_results(name: str, content: bytes, today: dt.date) -> ReadResults:
    """Read a file; a blank date is today, a blank stage 复审. Raises UserError when the file as a whole cannot be used."""
    if len(content) > MOST_BYTES:
        raise UserError(f"文件 {name} 超过 {MOST_BYTES // 1_000_000} MB。")
    rows = _sheet(content) if name.lower().endswith(".xlsx") else _csv(name, content)
    if not rows:
        raise UserError("文件是空的。")
    if len(rows) > MOST_ROWS + 1:
        raise UserError(f"文件超过 {MOST_ROWS:,} 行。")
    places = _places(rows[0])
    entries, refused = [], []
    for number, row in enumerate(rows[1:], 2):
        cells = {field: row[place] if place < len(row) else "" for field, place in places.items()}
        if not any(_text(cell) for cell in cells.values()):
            continue
        doc_id = _text(cells["doc_id"])
        try:
            entries.append(_entry(cells, doc_id, number, today))
        except ValueError as error:
            refused.append(Refusal(number, doc_id, str(error)))
    return ReadResults(tuple(entries), tuple(refused))


def read_amount(cell: Any) -> Decimal:
    """Yuan with two decimals at most; a blank cell is not 0: without a finding 0 has to be written."""
    if isinstance(cell, bool):
        raise ValueError("抽检违规金额不是数字")
    text = re.sub(r"[,\s¥]|元$", "", _text(cell))
    if not text:
        raise ValueError("缺少抽检违规金额;未发现问题请填 0")
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"抽检违规金额“{text}”不是数字") from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 12:
        raise ValueError(f"抽检违规金额“{text}”不是可用的金额")
    near = round(value, 2)
    if value != near and not (isinstance(cell, float) and abs(value - near) < NOISE):
        raise ValueError(f"抽检违规金额“{text}”多于两位小数")
    return near


def _entry(cells: dict[str, Any], doc_id: str, number: int, today: dt.date) -> Entry:
    if not doc_id:
        raise ValueError("缺少单据ID")
    stage = _text(cells.get("stage", "")) or Stage.REVIEW.value
    if stage not in tuple(Stage):
        raise ValueError(f"阶段“{stage}”应为 复审 或 申诉后")
    return Entry(
        doc_id=doc_id, amount=read_amount(cells["amount"]), reviewer=_text(cells["reviewer"]),
        reviewed_on=_date(cells.get("reviewed_on", ""), today), stage=Stage(stage), why=_text(cells.get("why", "")), row=number,
    )  # fmt: skip


def _places(header: Sequence[Any]) -> dict[str, int]:
    words = [_text(cell).replace("（", "(").replace("）", ")") for cell in header]
    places: dict[str, int] = {}
    for field, names in HEADERS.items():
        found = [place for place, word in enumerate(words) if word in names]
        if len(found) > 1:
            raise UserError(f"表头中“{names[0]}”出现 {len(found)} 次,请只留一列。")
        if found:
            places[field] = found[0]
    missing = [HEADERS[field][0] for field in REQUIRED if field not in places]
    if missing:
        raise UserError(f"第一行应是表头,缺少:{'、'.join(missing)}。可先下载模板。")
    return places


def _csv(name: str, content: bytes) -> list[list[str]]:
    if not name.lower().endswith((".csv", ".txt")):
        raise UserError("只支持 CSV 和 XLSX 文件。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(content.decode(encoding)), strict=True))
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise UserError("CSV 文件的引号不成对,请另存为 XLSX 后再导入。") from error
    raise UserError("文件的编码既不是 UTF-8,也不是 GB18030。")


def _sheet(content: bytes) -> list[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise UserError("工作簿解开后过大。")
        with opened(io.BytesIO(content)) as book:
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MOST_ROWS + 2)
    except Unreadable as error:
        raise UserError(
            error.message or "文件不是 XLSX 工作簿,或已损坏、已加密。请用 Excel 或 WPS 另存为 .xlsx。"
        ) from error
    except (zipfile.BadZipFile, ValueError) as error:
        raise UserError("文件不是 XLSX 工作簿,或已损坏、已加密。请用 Excel 或 WPS 另存为 .xlsx。") from error


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _date(cell: Any, today: dt.date) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = _text(cell)
    if not text:
        return today
    if isinstance(cell, float) and 3654 <= cell < 2_958_466:
        return SERIAL_ZERO + dt.timedelta(days=int(cell))
    found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ].*)?", text)
    try:
        if found:
            return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise ValueError(f"复审日期“{text}”应写成 2024-06-30")
