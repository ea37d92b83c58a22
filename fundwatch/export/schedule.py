"""Exports by a declared list: each file is made when version, settings or its declaration changed, else left alone.

The stamp of what a file was made from stands beside it in ``<name>.json``. A timer of the system runs ``fundwatch export
--schedule FILE.yaml``; running it twice does no harm.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from fundwatch.clock import clock_day
from fundwatch.errors import UserError
from fundwatch.export.deliver import BESIDE, Delivered, deliver_list, deliver_page, put_text
from fundwatch.export.question import question
from fundwatch.home import Home
from fundwatch.kpi import declarations
from fundwatch.screens import reads
from fundwatch.screens.period import Kind, Period, of_kind
from fundwatch.state.verdicts import Verdicts
from fundwatch.warehouse import Warehouse
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.make import Carrier
from fundwatch.workbooks.screens import book_of, screen_named

#: how a schedule names a period → the kind on screen, and whether it is the one before
PERIODS: dict[str, tuple[Kind, bool]] = {
    "本月": (Kind.MONTH, False), "本季": (Kind.QUARTER, False), "年初至今": (Kind.YEAR, False),
    "上月": (Kind.MONTH, True), "上季": (Kind.QUARTER, True), "上年": (Kind.YEAR, True),
}  # fmt: skip
SCHEDULED = "定时导出"


class Item(BaseModel):
    """One file of the list: a screen's workbook (``page``) or the list of an indicator (``kpi``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    folder: str
    period: Literal["本月", "本季", "年初至今", "上月", "上季", "上年"]
    page: str | None = None
    kpi: str | None = None
    filters: dict[str, list[str]] = Field(default_factory=dict)
    format: Literal["xlsx", "csv", "parquet"] = "xlsx"
    name: str | None = None
    role: str | None = None
    why: str = ""
    #: for others than the bureau
    outside: bool = False

    @model_validator(mode="after")
    def _one_of(self) -> Item:
        if (self.page is None) == (self.kpi is None):
            raise ValueError("page 和 kpi 写一个")
        return self


@dataclass(frozen=True)
class Outcome:
    """What became of one item: the file, or why there is none; ``new`` False where nothing had changed."""

    item: Item
    path: Path | None
    new: bool
    delivered: Delivered | None = None
    error: str = ""

    @property
    def words(self) -> str:
        what = self.item.page or self.item.kpi
        if self.error:
            return f"{what}:未导出,{self.error}"
        return f"{what}:{'已导出' if self.new else '没有变化,未重新导出'} {self.path}"


def read_schedule(path: Path) -> list[Item]:
    """The list in a YAML file ``exports: [...]``. Raises UserError naming the item and key that is wrong."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"清单文件 {path.name} 无法读取:{type(error).__name__}。", exit_code=2) from error
    listed = found.get("exports") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not listed:
        raise UserError(f"清单文件 {path.name} 应有 exports 列表。", exit_code=2)
    items = []
    for number, one in enumerate(listed, 1):
        try:
            items.append(Item.model_validate(one))
        except ValidationError as error:
            [first, *_] = error.errors()
            where = ".".join(str(part) for part in first["loc"]) or "page、kpi"
            raise UserError(f"清单第 {number} 项的 {where} 不正确。", exit_code=2) from error
    return items


def run_schedule(home: Home, warehouse: Warehouse, path: Path, at: dt.datetime) -> list[Outcome]:
    """Every item in turn; one that fails does not keep the others."""
    return [_run(home, warehouse, item, path.parent, at) for item in read_schedule(path)]


def _run(home: Home, warehouse: Warehouse, item: Item, base: Path, at: dt.datetime) -> Outcome:
    target = None
    try:
        ask = question(home, warehouse, _period(home, warehouse, item, at.date()), item.filters, item.role)
        folder = base / item.folder
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{_name(item)}_{ask.period.words}.{item.format}"
        stamp = _stamp(item, ask)
        if target.is_file() and _stamp_beside(target) == stamp:
            return Outcome(item, target, new=False)
        carrier = Carrier(SCHEDULED, f"{SCHEDULED}({item.role or '命令行'})", at, item.why, item.outside)
        if item.page is not None:
            made = deliver_page(screen_named(item.page), ask, carrier, target)
        else:
            made = deliver_list(str(item.kpi), {}, ask, carrier, target)
        _put_stamp(target, stamp, made)
    except UserError as error:
        return Outcome(item, target, new=False, error=error.message)
    return Outcome(item, target, new=True, delivered=made)


def _period(home: Home, warehouse: Warehouse, item: Item, today: dt.date) -> Period:
    kind, is_before = PERIODS[item.period]
    reading = question(home, warehouse, Period(today, today), {})
    newest = reads.newest_data(reading)
    if newest is None:
        raise UserError("本版本没有数据。")
    found = of_kind(kind, newest)
    if not is_before:
        return found
    return of_kind(kind, found.start - dt.timedelta(days=1))


def _name(item: Item) -> str:
    if item.name:
        return item.name
    return screen_named(item.page).title if item.page else f"{declarations()[str(item.kpi)].label}明细"


def _stamp(item: Item, ask: Ask) -> str:
    """A hash of everything that the file is made from."""
    parts = [item.model_dump_json(), ask.warehouse.version, ask.settings.version, str(ask.period)]
    book = book_of(screen_named(item.page).url_path) if item.page else None
    if book is not None and "day" in book.follows:
        parts.append(str(clock_day(ask.today, ask.newest)))
    if book is not None and "verdicts" in book.follows:
        parts.append(repr(Verdicts.of(ask.home).all_standing()))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _stamp_beside(path: Path) -> str | None:
    beside = path.with_name(path.name + BESIDE)
    try:
        return json.loads(beside.read_text(encoding="utf-8")).get("stamp")
    except (OSError, json.JSONDecodeError):
        return None


def _put_stamp(path: Path, stamp: str, made: Delivered) -> None:
    beside = path.with_name(path.name + BESIDE)
    held: dict[str, Any] = (
        json.loads(beside.read_text(encoding="utf-8")) if made.path.suffix == ".csv" else {}
    )
    held |= {"file": path.name, "rows": made.rows, "sha256": made.sha256, "stamp": stamp}
    put_text(beside, json.dumps(held, ensure_ascii=False, indent=2))
