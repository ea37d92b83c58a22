"""A screen's workbook made: its parts, 口径, cover; the same for a page's button, a command and a schedule."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fundwatch.access import PERSONAL_COLUMNS, Entry
from fundwatch.errors import UserError
from fundwatch.export import small_cells
from fundwatch.export.files import Exported
from fundwatch.screens import reads
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import numbers
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.meaning import complete_words, meaning
from fundwatch.workbooks.parts import Book, Part
from fundwatch.workbooks.write import Cover, workbook

WHY_MISSING = "文件含个人级明细,请写明导出理由。"


@dataclass(frozen=True)
class Carrier:
    """Who takes a file away, when and why: name in the log, words on paper. ``why`` is needed for rows of single persons.

    ``outside``: the file is for others than the bureau (``fundwatch.export.small_cells``).
    """

    user: str
    words: str
    at: dt.datetime
    why: str = ""
    outside: bool = False


def make(entry: Entry, book: Book, ask: Ask, carrier: Carrier) -> Exported:
    """The workbook of a screen. Raises UserError where rows of single persons leave without a reason."""
    ask = ask.only(book.bar)
    for name in book.needs:
        if not ask.choices.get(name):
            raise UserError(f"“{entry.title}”的工作簿需要指定 {name}。")
    kpis = tuple(dict.fromkeys(book.kpis(ask)))
    made, said = list(book.parts(ask)), ""
    if carrier.outside:
        made, said = outside(made, small_cells.threshold(ask.settings, ask.period.end))
    parts = [*(seen(part, ask.hidden_columns) for part in made), meaning(ask, kpis, said)]
    if not carrier.why.strip() and any(is_personal(part) for part in parts):
        raise UserError(WHY_MISSING)
    content = workbook(cover(entry, ask, kpis, carrier, said), parts)
    rows = sum(part.rows.num_rows for part in parts[:-1])
    return Exported(content, rows, hashlib.sha256(content).hexdigest())


def outside(parts: Sequence[Part], least: int) -> tuple[list[Part], str]:
    """The parts as they may leave the bureau, and what is said of it: those of single persons stay, small cells are left out."""
    kept, small, more = [], 0, 0
    for part in parts:
        if small_cells.is_personal(part.fields):
            continue
        found = small_cells.protected(part.rows, part.fields, least)
        small, more = small + found.small, more + found.more
        charts = tuple(chart for chart in part.charts if not found.touched & {chart.names, *chart.values})
        kept.append(replace(part, rows=found.rows, fields=found.fields, charts=charts))
    return kept, small_cells.words(least, small, more)


def seen(part: Part, hidden: frozenset[str]) -> Part:
    """The part without the columns that a person does not see."""
    names = set(part.rows.column_names)
    fields = [field for field in part.fields if field.name in names and field.name not in hidden]
    kept = {field.name for field in fields}
    charts = tuple(c for c in part.charts if {c.names, *c.values} <= kept)
    return replace(part, fields=fields, charts=charts)


def is_personal(part: Part) -> bool:
    """Whether it shows rows at the level of one person or claim."""
    return part.rows.num_rows > 0 and any(field.name in PERSONAL_COLUMNS for field in part.fields)


def cover(entry: Entry, ask: Ask, kpis: Sequence[str], carrier: Carrier, said: str = "") -> Cover:
    """The words of the contents sheet and the footer; ``said``: what was left out of a file for others."""
    through = reads.days_through(ask, tuple(kpis)) if kpis else {}
    county = str(ask.settings.get("county_name", ask.period.end) or "")
    period = f"{ask.period.words}({numbers.date(ask.period.start)} 至 {numbers.date(ask.period.end)})"
    version = ask.warehouse.version
    lines = [
        ("内容", f"{county}医保基金监管 {entry.group} / {entry.title}".strip()),
        ("期间", period),
        ("筛选", ask.filters.words),
        ("数据截至", numbers.date(earliest_day(through) if kpis else ask.newest)),
        ("数据版本", version),
        ("完整度", complete_words(ask, None, ask.newest)),
        ("数字", "金额列的单位见标题,万元为显示单位,单元格保留到分;空白为没有数值,不是0;代码和编号为文本。"),
        ("导出人", carrier.words),
        ("导出时间", f"{carrier.at:%Y-%m-%d %H:%M:%S}"),
    ]
    if said:
        lines.append(("对外提供", said))
    if carrier.why.strip():
        lines.append(("导出理由", carrier.why.strip()))
    return Cover(
        title=entry.title,
        words=f"期间:{period}  筛选:{ask.filters.words}  数据版本:{version}",
        lines=lines,
        footer=f"{entry.title} {carrier.words} {carrier.at:%Y-%m-%d %H:%M} 数据版本 {version}",
        at=carrier.at,
    )


def file_name(entry: Entry, ask: Ask) -> str:
    """监管总览_2024年1-6月.xlsx."""
    return f"{entry.title}_{ask.period.words}.xlsx"
