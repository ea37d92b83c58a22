"""The coverage chart: the year's coverage month by month, and the way to full coverage by 31 December."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import altair as alt
import pandas as pd

from fundwatch.kpi.window import last_day
from fundwatch.screens.coverage import Pace
from fundwatch.ui import numbers
from fundwatch.ui.charts import ACCENT, COMPARISON, INK, TREND_HEIGHT

#: a day and the percent covered on it
Stand = tuple[dt.date, Decimal]
LEGEND = "实线:已查;黑虚线:年底前全覆盖需要的进度;蓝点线:近三个月进度;浅虚线:全年匀速。"


def pace_chart(pace: Pace) -> alt.LayerChart:
    """Actual coverage as a line with points, the needed way dashed, the way at the present pace light."""
    begin = (dt.date(pace.end.year, 1, 1), Decimal(0))
    actual = _frame([begin, *pace.months])
    across = alt.X(
        "日期:T",
        scale=alt.Scale(domain=[f"{pace.end.year}-01-01", f"{pace.end.year}-12-31"]),
        axis=alt.Axis(
            format="%-m月", title=None, grid=False, values=_month_ends(pace.end.year), labelOverlap=True
        ),
    )
    up = alt.Y(
        "覆盖率:Q",
        title="%",
        scale=alt.Scale(domain=[0, 105]),
        axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
    )
    tooltip = [alt.Tooltip("日:N", title="截至"), alt.Tooltip("提示:N", title="覆盖率")]
    layers = [
        _dashed([begin, (pace.year_end, Decimal(100))], COMPARISON, across, up, (2, 3)),
        alt.Chart(actual).mark_line(color=ACCENT, strokeWidth=2).encode(x=across, y=up),
        alt.Chart(actual.iloc[1:])
        .mark_point(size=45, filled=True, color=ACCENT, opacity=1)
        .encode(x=across, y=up, tooltip=tooltip),
    ]
    if pace.pct is not None and pace.end < pace.year_end:
        here = (pace.end, pace.pct)
        layers.append(_dashed([here, (pace.year_end, Decimal(100))], INK, across, up, (5, 4)))
        if pace.expected_pct is not None and pace.expected_pct < 100:
            layers.append(_dashed([here, (pace.year_end, pace.expected_pct)], ACCENT, across, up, (1, 3)))
    return alt.layer(*layers).properties(height=TREND_HEIGHT)


def pace_in_words(pace: Pace) -> str:
    """The text alternative: each month's coverage."""
    months = ";".join(f"{numbers.date(day)} {numbers.percent(value)}" for day, value in pace.months)
    return f"年内各月末覆盖率:{months or numbers.NONE}。"


def _month_ends(year: int) -> list[alt.DateTime]:
    """A point stands on the last day of its month, and so does the month's label."""
    ends = [last_day(dt.date(year, month, 1)) for month in range(1, 13)]
    return [alt.DateTime(year=end.year, month=end.month, date=end.day) for end in ends]


def _dashed(
    points: Sequence[Stand], colour: str, across: alt.X, up: alt.Y, dash: tuple[int, int]
) -> alt.Chart:
    line = alt.Chart(_frame(points)).mark_line(color=colour, strokeDash=list(dash), strokeWidth=1.4)
    return line.encode(x=across, y=up)


def _frame(points: Sequence[Stand]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [
            {"日期": day, "覆盖率": float(value), "日": numbers.date(day), "提示": numbers.percent(value)}
            for day, value in points
        ]
    )
    frame["日期"] = pd.to_datetime(frame["日期"])
    return frame
