"""Tables and charts of the six items, from figures that are printed once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from fundwatch import numbers
from fundwatch.documents import Chart, Column, Series, Table
from fundwatch.reports.monthly.figures import Figure, official
from fundwatch.reports.monthly.gather import Gathered
from fundwatch.reports.monthly.items import METHODS, Item
from fundwatch.reports.monthly.month import Month, When, thirteen

#: a number beside its bases; the unit stands with its name, so that amounts have room
COMPARED = (Column("指标", 10), *(Column(when.value, 6, True) for when in When))


def compared(title: str, figures: Iterable[Figure]) -> Table:
    """An item's numbers beside the month before, the same month of last year and the year so far; why one is missing stands below."""
    shown = list(figures)
    return Table(
        title,
        COMPARED,
        tuple(
            (f"{figure.label}（{figure.row_unit}）", *(figure.cell(when) for when in When))
            for figure in shown
        ),
        note=missing_note(shown),
    )


def missing_note(figures: Sequence[Figure]) -> str:
    """注：上年同月“—”：“审核单据”数据始于2025年6月。 One line for each reason and the periods that it holds for."""
    found: dict[str, list[tuple[Figure, When]]] = {}
    for figure in figures:
        for when, reason in figure.reasons.items():
            found.setdefault(reason, []).append((figure, when))
    said = []
    for reason, where in found.items():
        columns = list(dict.fromkeys(when for _, when in where))
        labels = list(dict.fromkeys(figure.label for figure, _ in where))
        whole = len(labels) == len(figures)
        who = "" if whole else "、".join(labels)
        said.append(f"{who}{'、'.join(when.value for when in columns)}无数据：{official(reason)}")
    return f"注：{'；'.join(said)}。" if said else ""


def methods(title: str, figures: Mapping[str, Figure]) -> Table:
    """日常稽核 by method: this month, and how many the month before and a year ago."""
    rows = []
    for method in METHODS:
        counted = figures[f"daily.inspection_cnt.{method}"]
        cells = (figures[f"daily.found_cnt.{method}"], figures[f"daily.finding_amt.{method}"])
        rows.append((
            method, counted.cell(When.NOW), *(each.cell(When.NOW) for each in cells),
            counted.cell(When.BEFORE), counted.cell(When.LAST_YEAR),
        ))  # fmt: skip
    total = figures["daily.inspection_cnt"]
    rows.append((
        "合计", total.cell(When.NOW), figures["daily.found_cnt"].cell(When.NOW), figures["daily.finding_amt"].cell(When.NOW),
        total.cell(When.BEFORE), total.cell(When.LAST_YEAR),
    ))  # fmt: skip
    columns = (
        Column("检查方式", 3), Column("本月（次）", 2, True), Column("发现问题（次）", 2, True), Column("问题金额（元）", 3, True),
        Column("上月（次）", 2, True), Column("上年同月（次）", 2, True),
    )  # fmt: skip
    return Table(title, columns, tuple(rows), note=missing_note([total]), total_rows=1)


def channels(title: str, data: Gathered) -> Table:
    """Complaints received in the month by channel, as they stood on its last day."""
    names = ("received_cnt", "accepted_cnt", "closed_cnt", "replied_cnt")
    rows = [
        (row["channel"] or "未登记", *(numbers.plain(row[name]) for name in names)) for row in data.channels
    ]
    rows.append(("合计", *(numbers.plain(sum(row[name] for row in data.channels)) for name in names)))
    columns = (Column("举报渠道", 3), *(Column(word, 2, True) for word in ("收到", "受理", "办结", "回复")))
    note = "注：本月收到的举报投诉至月末的办理情况；本月受理、办结、回复的还包括以前月份收到的。"
    return Table(title, columns, tuple(rows), unit="单位：件", note=note, total_rows=1)


def campaigns(title: str, data: Gathered) -> Table:
    """The campaigns that ran in the month, as reported."""
    rows = []
    for row in data.campaigns:
        counts = (
            row[name] for name in ("target_cnt", "checked_cnt", "talk_cnt", "suspend_cnt", "rectify_cnt")
        )
        amounts = (row[name] for name in ("amt_found", "amt_recovered"))
        rows.append((
            official(row["campaign_name"]), span(row), *(numbers.plain(count) for count in counts),
            *(numbers.plain(amount, 2) for amount in amounts),
        ))  # fmt: skip
    columns = (
        Column("专项名称", 6), Column("起止日期", 6), Column("应查", 2, True), Column("已查", 2, True), Column("约谈", 2, True),
        Column("暂停", 2, True), Column("整改", 2, True), Column("查出金额（元）", 5, True), Column("追回金额（元）", 5, True),
    )  # fmt: skip
    note = "注：家数和金额为各专项自开始以来的上报数，以最近一次上报为准，不是本月数；“—”为没有上报。"
    return Table(title, columns, tuple(rows), unit="单位：家", note=note)


def day_words(day: dt.date) -> str:
    """2026年10月31日, as running text has it."""
    return f"{day.year}年{day.month}月{day.day}日"


def span(row: Mapping[str, object]) -> str:
    """2026-09-01 至 2026-12-15."""
    return f"{numbers.date(row['begndate'])}至{numbers.date(row['enddate'])}"  # type: ignore[arg-type]


def inspections_chart(title: str, data: Gathered, item: Item) -> Chart:
    """Completed inspections of an item in the month and the twelve before it."""
    counted = data.inspection_months.get(item.value, {})
    return _months_chart(title, data, counted, ("inspection",), "次")


def complaints_chart(title: str, data: Gathered) -> Chart:
    """Complaints received in the month and the twelve before it."""
    return _months_chart(title, data, data.complaint_months, ("complaint",), "件")


def amounts_chart(title: str, figures: Sequence[Figure]) -> Chart:
    """The amounts of the review steps of one month, as lying bars in 元 or 万元."""
    unit = numbers.money_unit(figure.now for figure in figures)
    scale = numbers.WAN if unit == "万元" else Decimal(1)
    values = tuple(None if figure.now is None else figure.now / scale for figure in figures)
    words = "，".join(f"{figure.label}{figure.words()}" for figure in figures)
    names = tuple(figure.label for figure in figures)
    return Chart(title, "bar", unit, names, (Series("本月", values),), words, 2)


def _months_chart(
    title: str, data: Gathered, counted: Mapping[str, int], tables: tuple[str, ...], unit: str
) -> Chart:
    months = thirteen(data.month)
    values = tuple(
        None if data.why_not(tables, month.first, month.last) else Decimal(counted.get(str(month), 0))
        for month in months
    )
    words = "，".join(
        f"{month.words}{numbers.plain(value)}{unit}"
        for month, value in zip(months, values, strict=True)
        if value is not None
    )
    return Chart(title, "column", unit, month_labels(months), (Series("本月", values),), words)


def month_labels(months: Sequence[Month]) -> tuple[str, ...]:
    """Labels below a chart: the year only where it is new, and at the end, so that thirteen fit side by side."""
    return tuple(
        f"{month.year % 100}年{month.number}月"
        if place in (0, len(months) - 1) or month.number == 1
        else f"{month.number}月"
        for place, month in enumerate(months)
    )
