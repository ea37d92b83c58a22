"""Who has handed in which of the six items: state of the month, of the year so far, and the days left to the 10th."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fundwatch import numbers
from fundwatch.documents import Block, Column, Paragraph, Section, Table
from fundwatch.reports.monthly.figures import official, spoken
from fundwatch.reports.monthly.gather import Gathered
from fundwatch.reports.monthly.items import Item
from fundwatch.reports.monthly.month import Month
from fundwatch.reports.monthly.tables import day_words

ON_TIME, LATE, MISSING, WAITING = "按时", "迟报", "未报", "待报"
LEDGER = "report_filing"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Filing:
    """One item of a month: when it was due and handed in, by which post, and how late."""

    item: Item
    due: dt.date
    filed: dt.date | None
    filer: str | None
    state: str

    @property
    def days_late(self) -> int:
        return max(0, (self.filed - self.due).days) if self.filed else 0

    @property
    def words(self) -> str:
        """按时, 迟报4天, 未报, 待报."""
        return f"{LATE}{self.days_late}天" if self.state == LATE else self.state

    def record(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "item": self.item.value, "due_date": self.due, "filed_date": self.filed, "filer": self.filer, "state": self.state,
            "days_late": self.days_late,
        }  # fmt: skip


def filings(rows: Iterable[Row], newest: dt.date, due: dt.date) -> list[Filing]:
    """The six items of a month in order. An item that nobody handed in is 未报 once its day has passed in the data."""
    by_item = {row["item"]: row for row in rows}
    return [_filing(item, by_item.get(item.ledger), newest, due) for item in Item]


def _filing(item: Item, row: Row | None, newest: dt.date, due: dt.date) -> Filing:
    day = row["due_date"] if row else due
    filed = row["filed_date"] if row else None
    unfiled = MISSING if day < newest else WAITING
    state = unfiled if filed is None else (ON_TIME if filed <= day else LATE)
    return Filing(item, day, filed, row["filer"] if row else None, state)


def countdown(month: Month, found: Sequence[Filing], today: dt.date, is_known: bool) -> tuple[str, str]:
    """Days left to the 10th as a lead, and which items are still to come. Read on ``today``; never printed in a document."""
    left = (month.due - today).days
    due = numbers.date(month.due)
    lead = f"还有 {left} 天" if left > 0 else ("今日截止" if not left else f"已过 {-left} 天")
    if not is_known:
        return lead, f"应于 {due} 前报送;没有报送台账,不知哪些已报"
    rest = [one.item.value for one in found if one.filed is None]
    if not rest:
        late = [one for one in found if one.state == LATE]
        said = "六项均已报送" if not late else f"六项均已报送,其中迟报 {len(late)} 项"
        return "已报齐", f"应于 {due} 前报送,{said}"
    return lead, f"应于 {due} 前报送,未报 {len(rest)} 项:{'、'.join(rest)}"


def section(data: Gathered, titles: tuple[str, str]) -> Section:
    """The section 报送情况 of the document; it says how things stood in the data, not today."""
    due = day_words(data.month.due)
    if why := data.why_not((LEDGER,), dt.date.min, dt.date.max):
        text = f"本月六项信息应于{due}前报送。{official(why)}，各项是否按时报送无法统计。"
        return Section("报送情况", (Paragraph(text),))
    found = filings(data.filings, data.newest, data.month.due)
    blocks: list[Block] = [Paragraph(_said(data, found)), _month_table(titles[0], found)]
    year = _year_rows(data)
    if year:
        blocks += [Paragraph(_year_said(data)), _year_table(titles[1], year)]
    return Section("报送情况", tuple(blocks))


def _said(data: Gathered, found: Sequence[Filing]) -> str:
    due = f"本月六项信息应于{day_words(data.month.due)}前报送"
    counts = {
        state: [one for one in found if one.state == state] for state in (ON_TIME, LATE, MISSING, WAITING)
    }
    if len(counts[ON_TIME]) == len(found):
        return f"{due}，六项均已按时报送。"
    if len(counts[WAITING]) == len(found):
        return f"{due}，数据截至{day_words(data.newest)}，报送台账尚无本月记录。"
    parts = [f"按时报送{len(counts[ON_TIME])}项"]
    if counts[LATE]:
        parts.append(
            f"迟报{len(counts[LATE])}项（{'、'.join(f'{one.item.value}{one.days_late}天' for one in counts[LATE])}）"
        )
    for state in (MISSING, WAITING):
        if counts[state]:
            parts.append(
                f"{state}{len(counts[state])}项（{'、'.join(one.item.value for one in counts[state])}）"
            )
    return f"{due}，{'，'.join(parts)}。"


def _month_table(title: str, found: Sequence[Filing]) -> Table:
    columns = (
        Column("事项", 3),
        Column("应报日期", 3),
        Column("报送日期", 3),
        Column("报送人", 2),
        Column("报送情况", 2),
    )
    rows = tuple(
        (
            one.item.value,
            numbers.date(one.due),
            numbers.date(one.filed),
            one.filer or numbers.NONE,
            one.words,
        )
        for one in found
    )
    return Table(title, columns, rows)


@dataclass(frozen=True)
class YearOfItem:
    """One item over the reports due in the year so far."""

    item: Item
    filers: tuple[str, ...]
    due: int
    on_time: int
    late: int
    missing: int


def of_year(rows: Iterable[Row]) -> list[YearOfItem]:
    """Completeness per item and reporter; due and on time add up to filing_timeliness."""
    by_item: dict[str, list[Row]] = {}
    for row in rows:
        by_item.setdefault(row["item"], []).append(row)
    made = []
    for item in Item:
        own = by_item.get(item.ledger, [])
        filed = [row for row in own if row["filed_date"] is not None]
        on_time = sum(row["filed_date"] <= row["due_date"] for row in filed)
        filers = tuple(dict.fromkeys(row["filer"] for row in own if row["filer"]))
        made.append(YearOfItem(item, filers, len(own), on_time, len(filed) - on_time, len(own) - len(filed)))
    return made


def _year_rows(data: Gathered) -> list[YearOfItem]:
    return of_year(data.filings_of_year) if data.filings_of_year else []


def _year_said(data: Gathered) -> str:
    value = data.timeliness
    shown = spoken(value.value, "%", 2)
    return (
        f"{data.month.due.year}年以来到期的六项信息{value.denominator:,}项次，按时报送{value.numerator:,}项次，"
        f"按时报送率{shown}。"
    )


def _year_table(title: str, found: Sequence[YearOfItem]) -> Table:
    columns = (
        Column("事项", 3), Column("报送人", 3), Column("应报", 2, True), Column("按时", 2, True), Column("迟报", 2, True),
        Column("未报", 2, True),
    )  # fmt: skip
    counts = ("due", "on_time", "late", "missing")
    rows = [
        (
            one.item.value,
            "、".join(one.filers) or numbers.NONE,
            *(f"{getattr(one, name):,}" for name in counts),
        )
        for one in found
    ]
    rows.append(("合计", "", *(f"{sum(getattr(one, name) for one in found):,}" for name in counts)))
    return Table(title, columns, tuple(rows), unit="单位：项次", total_rows=1)
