"""月报与导出 as tables and sentences: the months to choose from, who handed in what, submissions and their corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pyarrow as pa

from fundwatch.reports.monthly import Change, Month, MonthlyReport, Submission
from fundwatch.reports.monthly.filing import LATE, MISSING, Filing
from fundwatch.ui import numbers
from fundwatch.ui.sheet import Cell, Column, Part, Row
from fundwatch.ui.table import Field

#: how many months the picker offers
MONTHS = 36
SUBMISSION_FIELDS = (
    Field("report_id", "编号"), Field("month", "月份"), Field("at", "提交时间"), Field("submitted_by", "提交人"),
    Field("data_version", "数据版本"), Field("note", "说明"), Field("docx_sha256", "Word校验值"), Field("pdf_sha256", "PDF校验值"),
)  # fmt: skip
TONES = {LATE: "attention", MISSING: "bad"}


def months(newest: dt.date, first: dt.date | None) -> list[Month]:
    """The months to choose from, the newest first, not before the first day of the data."""
    last = Month.of(newest)
    every = [last.back(back) for back in range(MONTHS)]
    return [month for month in every if first is None or month.last >= first]


def filing_sheet(found: Sequence[Filing]) -> tuple[list[Column], list[Part]]:
    """The six items with due day, day handed in, post and state."""
    columns = [
        Column("事项", "name"), Column("应报日期", "text", "middle"), Column("报送日期", "text"), Column("报送人", "text", "middle"),
        Column("报送情况", "text"),
    ]  # fmt: skip
    rows = tuple(
        Row((
            Cell(one.item.value), Cell(numbers.date(one.due)), Cell(numbers.date(one.filed)), Cell(one.filer or numbers.NONE),
            Cell(one.words, tone=TONES.get(one.state, "neutral"), marked=one.state in TONES),  # type: ignore[arg-type]
        ))
        for one in found
    )  # fmt: skip
    return columns, [Part("", rows)]


def change_sheet(found: Iterable[Change]) -> tuple[list[Column], list[Part]]:
    """Number, as submitted, as it is now, difference; grouped by item."""
    columns = [
        Column("指标", "name"), Column("期间", "text"), Column("提交时", "number"), Column("目前", "number"),
        Column("差额", "number"),
    ]  # fmt: skip
    groups: dict[str, list[Row]] = {}
    for change in found:
        cells = (
            f"{change.label}({change.unit})", change.when.value, change.then_words, change.now_words, change.difference_words,
        )  # fmt: skip
        groups.setdefault(change.item, []).append(Row(tuple(Cell(text) for text in cells)))
    return columns, [Part(item, tuple(rows)) for item, rows in groups.items()]


def submission_table(made: Iterable[Submission]) -> pa.Table:
    """One row per submission, the newest first."""
    names = [field.name for field in SUBMISSION_FIELDS]
    rows = [{name: getattr(one, name) or None for name in names} for one in made]
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))


def incomplete_words(report: MonthlyReport) -> str:
    """A warning while the data do not reach the end of the month; else empty."""
    if report.newest >= report.month.last:
        return ""
    return f"数据截至 {numbers.date(report.newest)},{report.month.words}的数据还不完整,提交前请载入全月数据。"


def standing_words(made: Sequence[Submission]) -> str:
    """Whether the month has been submitted."""
    if not made:
        return "本月还没有提交。"
    last = made[0]
    return f"已提交 {len(made)} 次,最近一次 {last.report_id},{last.at} 由{last.submitted_by}提交。"
