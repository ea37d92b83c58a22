"""检查覆盖: pace of the year, coverage by level and town, methods, focus classes, who is left."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa

from fundwatch.screens import coverage as view
from fundwatch.screens.fields import Field
from fundwatch.screens.filters import LEVELS
from fundwatch.screens.period import Period
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import (
    EXACT,
    Book,
    Chart,
    Part,
    kpi_part,
    list_part,
    months_part,
    table,
)

BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code")
COVERAGE = "inspection_coverage"
KPIS = (COVERAGE, "onsite_coverage", "record_sheet_rate", "over_frequency")
EXPLAINED = (*KPIS, "problem_found_rate", "random_share")
PACE_FIELDS = (
    Field("month", "月末", "date"), Field("pct", "已查覆盖率", "percent", "%"), Field("even", "全年匀速", "percent", "%"),
)  # fmt: skip


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows under its filters."""
    listed, records = ask.listed(COVERAGE), ask.listed("record_sheet_rate")
    methods = view.methods(ask.of_period("coverage_methods", *BAR))
    focus = view.focus(listed, ask.query("coverage_focus_class"), ask.of_period("coverage_findings", *BAR))
    return [
        kpi_part(ask, EXPLAINED),
        _pace(ask),
        months_part(ask, KPIS),
        _coverage(ask, "level_class", "分级别覆盖", "级别"),
        _coverage(ask, "town_code", "分乡镇覆盖", "乡镇"),
        Part(
            "检查方式",
            methods,
            view.METHOD_FIELDS,
            "期内已完成的检查。发现问题率与全部方式的总体比较,不排名次。",
        ),
        Part("分类重点核查", focus, view.FOCUS_FIELDS, view.FOCUS_SOURCE),
        list_part(ask, COVERAGE, "协议检查覆盖清单", "年初至期末的协议机构,计入分子的为已查。"),
        list_part(
            ask,
            COVERAGE,
            "尚未检查的机构",
            "年初至期末没有已完成协议检查的协议机构。",
            view.unchecked(listed),
        ),
        list_part(
            ask,
            "record_sheet_rate",
            "文书不完整的检查",
            "没有现场检查记录单号,或发现问题而没有违约处理告知单号。",
            view.unchecked(records),
        ),
        list_part(
            ask,
            "over_frequency",
            "超频次机构",
            "年初至期末无线索的行政现场检查超过规定次数;依据为地方文件,供参照。",
        ),
    ]


def _pace(ask: Ask) -> Part:
    """The year's coverage at each month's end beside an even pace."""
    year = Period(ask.period.end.replace(month=1, day=1), ask.period.end)
    [number] = ask.values([COVERAGE])
    pace = view.pace_of(number, ask.values([COVERAGE], "month", year))
    days = (pace.year_end - dt.date(pace.end.year, 1, 1)).days + 1
    rows = [
        {"month": day, "pct": pct, "even": Decimal(100 * day.timetuple().tm_yday) / days}
        for day, pct in pace.months
    ]
    shape = table(rows, ["month", "pct", "even"], {"month": pa.date32(), "pct": EXACT, "even": EXACT})
    chart = Chart("line", "month", ("pct", "even"), view.pace_title(pace), dashed=("even",))
    return Part("全年覆盖进度", shape, PACE_FIELDS, view.pace_sentence(pace), (chart,))


def _coverage(ask: Ask, by: str, name: str, label: str) -> Part:
    rows = view.coverage_by(ask.values([COVERAGE], by), ask.words(by), LEVELS if by == "level_class" else ())
    chart = Chart("bar", "name", ("pct",), f"{name}率")
    return Part(name, rows, view.coverage_fields(label), "按维度自身顺序排列,不排名次。", (chart,))


BOOK = Book(BAR, lambda _: EXPLAINED, parts)
