"""Charts with one theme: trend over months and sorted horizontal bars, drawn from small records.

Values are turned into doubles here, at the last step before the browser; what a person reads in tables and
tiles stays decimal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import altair as alt
import pandas as pd

from fundwatch.chart_theme import (
    ACCENT,
    ATTENTION,
    BAD,
    COMPARISON,
    GOOD,
    INK,
    LINES,
    SECONDARY,
    SERIES,
    chart_config,
)
from fundwatch.ui import numbers

__all__ = [
    "ACCENT", "ATTENTION", "AXIS_ROOM", "BAD", "BAR_HEIGHT", "COMPARISON", "FONT", "GOOD", "INK", "LINES", "SECONDARY", "SERIES",
    "TREND_HEIGHT", "Bar", "Mark", "Point", "bars", "theme", "trend", "trend_in_words",
]  # fmt: skip

FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC',sans-serif"
#: a bar below this height skips every other label
BAR_HEIGHT = 26
#: axis labels and title lie inside the height that Streamlit fits a chart into
AXIS_ROOM = 74
TREND_HEIGHT = 260


@dataclass(frozen=True)
class Point:
    """One month of a trend; ``value`` in the unit drawn, ``whole`` False for a month not yet complete."""

    month: str
    value: Decimal | None
    whole: bool = True
    last_year: Decimal | None = None


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, its value in the unit drawn, an id for the click, emphasis or not."""

    name: str
    value: Decimal | None
    key: str = ""
    strong: bool = True


@dataclass(frozen=True)
class Mark:
    """An event with a word beside its thin vertical."""

    day: dt.date
    word: str


def theme() -> alt.theme.ThemeConfig:
    """The one chart theme: tokens of the design, no frame, light grid, Chinese system fonts."""
    return {"config": chart_config(FONT)}


alt.theme.register("fundwatch", enable=True)(theme)


def trend(
    points: Sequence[Point],
    unit: str,
    *,
    target: Decimal | None = None,
    marks: Sequence[Mark] = (),
    decimals: int = 1,
    name: str = "本期",
) -> alt.LayerChart:
    """A line over months: partial month hollow (不完整), target dashed, last year light, events thin."""
    records = [
        {
            "月份": dt.date.fromisoformat(f"{point.month[:7]}-01"),
            name: _double(point.value),
            "上年同期": _double(point.last_year),
            "完整": point.whole,
            "标注": "" if point.whole else "不完整",
            "提示": f"{numbers.plain(point.value, decimals)} {unit}",
            "上年提示": f"{numbers.plain(point.last_year, decimals)} {unit}",
            "月": numbers.month(point.month),
        }
        for point in points
    ]
    frame = pd.DataFrame(records)
    frame["月份"] = pd.to_datetime(frame["月份"])
    across = alt.X(
        "月份:T",
        axis=alt.Axis(format="%y年%-m月", title=None, grid=False, tickCount="month", labelOverlap=True),
    )
    base = alt.Chart(frame).encode(x=across)
    up = alt.Y(f"{name}:Q", title=unit, axis=alt.Axis(format=_axis_format(decimals), tickCount=5))
    tooltip = [
        alt.Tooltip("月:N", title="月份"),
        alt.Tooltip("提示:N", title=name),
        alt.Tooltip("标注:N", title="说明"),
    ]
    layers: list[alt.Chart] = []
    if any(point.last_year is not None for point in points):
        tooltip.insert(2, alt.Tooltip("上年提示:N", title="上年同期"))
        layers.append(
            base.mark_line(color=COMPARISON, strokeWidth=1.5).encode(y=alt.Y("上年同期:Q", title=unit))
        )
    layers.append(base.mark_line(color=ACCENT, strokeWidth=2).encode(y=up))
    fill = alt.condition("datum['完整']", alt.value(ACCENT), alt.value("#FFFFFF"))
    layers.append(
        base.mark_point(size=45, stroke=ACCENT, strokeWidth=2, opacity=1).encode(
            y=up, fill=fill, tooltip=tooltip
        )
    )
    layers.append(base.mark_text(dy=-12, font=FONT, color=SECONDARY).encode(y=up, text="标注:N"))
    if target is not None:
        layers += _target(target, unit, decimals)
    if marks:
        layers += _marks(marks)
    return alt.layer(*layers).properties(height=TREND_HEIGHT)


def bars(
    rows: Sequence[Bar], unit: str, *, decimals: int = 1, target: Decimal | None = None
) -> alt.LayerChart:
    """Horizontal bars from zero, sorted by value, with the value written at the end of each.

    A click selects ``key`` when the chart is drawn with ``on_select="rerun"`` (selection name ``bar``).
    """
    frame = pd.DataFrame(
        [
            {
                "名称": row.name,
                "值": _double(row.value),
                "键": row.key or row.name,
                "强调": row.strong,
                "数值": numbers.plain(row.value, decimals),
            }
            for row in rows
        ]
    )
    chosen = alt.selection_point(name="bar", fields=["键"], on="click", empty=False)
    # Only as many names as there are bars can be sorted; a limit of label width keeps long names readable.
    down = alt.Y(
        "名称:N",
        sort="-x",
        title=None,
        axis=alt.Axis(labelLimit=220, ticks=False, domain=False, labelFontSize=13),
    )
    across = alt.X(
        "值:Q",
        title=unit,
        scale=alt.Scale(zero=True),
        axis=alt.Axis(format=_axis_format(decimals), tickCount=5),
    )
    colour = alt.condition("datum['强调']", alt.value(ACCENT), alt.value(COMPARISON))
    tooltip = [alt.Tooltip("名称:N", title="名称"), alt.Tooltip("数值:N", title=unit)]
    base = alt.Chart(frame).encode(y=down)
    drawn = (
        base.mark_bar(height=16, cursor="pointer")
        .encode(x=across, color=colour, tooltip=tooltip)
        .add_params(chosen)
    )
    words = base.mark_text(align="left", dx=4, font=FONT, color=INK, fontSize=12).encode(
        x=across, text="数值:N"
    )
    layers = [drawn, words]
    if target is not None:
        line = alt.Chart(pd.DataFrame([{"值": _double(target)}]))
        layers.append(line.mark_rule(color=INK, strokeDash=[5, 4]).encode(x="值:Q"))
    return alt.layer(*layers).properties(height=BAR_HEIGHT * len(rows) + AXIS_ROOM)


def trend_in_words(points: Sequence[Point], unit: str, decimals: int = 1) -> str:
    """The text alternative of a trend: first, last, lowest and highest month."""
    known = [point for point in points if point.value is not None]
    if not known:
        return "没有可以画出的月份。"
    low = min(known, key=lambda point: Decimal(point.value or 0))
    high = max(known, key=lambda point: Decimal(point.value or 0))

    def say(point: Point) -> str:
        return f"{numbers.month(point.month)} {numbers.plain(point.value, decimals)} {unit}"

    return f"从{say(known[0])}到{say(known[-1])};最低{say(low)},最高{say(high)}。"


def _target(target: Decimal, unit: str, decimals: int) -> list[alt.Chart]:
    words = f"目标 {numbers.plain(target, decimals if target % 1 else 0)}{unit}"
    chart = alt.Chart(pd.DataFrame([{"目标": _double(target), "字": words}]))
    rule = chart.mark_rule(color=INK, strokeDash=[5, 4]).encode(y="目标:Q")
    text = chart.mark_text(align="right", baseline="bottom", dy=-3, font=FONT, color=INK).encode(
        x=alt.value("width"), y="目标:Q", text="字:N"
    )
    return [rule, text]


def _marks(marks: Sequence[Mark]) -> list[alt.Chart]:
    frame = pd.DataFrame([{"月份": pd.Timestamp(mark.day), "字": mark.word} for mark in marks])
    chart = alt.Chart(frame).encode(x="月份:T")
    rule = chart.mark_rule(color=SECONDARY, strokeWidth=1)
    text = chart.mark_text(align="left", dx=4, baseline="top", font=FONT, color=SECONDARY).encode(
        y=alt.value(0), text="字:N"
    )
    return [rule, text]


def _axis_format(decimals: int) -> str:
    return f",.{decimals}~f" if decimals else ",.0f"


def _double(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
