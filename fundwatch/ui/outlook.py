"""The year end drawn: what is known solid, what is forecast hatched, bands and the benchmark beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from fundwatch.screens.fund_months import Outlook
from fundwatch.ui import numbers
from fundwatch.ui.charts import ACCENT, COMPARISON, FONT, INK, SECONDARY

#: only these lines begin at nought; a surplus may lie on either side of it
DRAWN = ("支出", "收入")
BAR = 22
ROW_HEIGHT = 62
#: strokes of the hatching over the longest forecast part
STROKES = 28
WAN = float(numbers.WAN)


def outlook_chart(lines: Sequence[Outlook]) -> alt.LayerChart | None:
    """One bar a fund and side, in 万元: year to date solid, months to come hatched, 80 % band thick and 95 % band thin around
    the year end, the benchmark as a tick. None without any forecast of months still to come.
    """
    drawn = [one for one in lines if one.item in DRAWN and one.forecast is not None and one.forecast.months]
    if not drawn:
        return None
    names = [f"{one.fund}{one.item}" for one in drawn]
    down = alt.Y(
        "名称:N",
        sort=names,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelFontSize=13, labelColor=INK),
    )
    across = alt.X(
        "值:Q", title="万元", scale=alt.Scale(zero=True), axis=alt.Axis(format=",.0f", tickCount=5)
    )
    bars = alt.Chart(pd.DataFrame([_bar(one) for one in drawn])).encode(y=down)
    tooltip = [
        alt.Tooltip(name, type="nominal")
        for name in ("名称", "年初至今", "预计全年", "80%区间", "95%区间", "基准")
    ]
    hatch = alt.Chart(pd.DataFrame(_hatching(drawn)))
    layers = [
        bars.mark_bar(height=BAR, color=ACCENT).encode(x=across),
        bars.mark_bar(height=BAR, fill="#FFFFFF", stroke=ACCENT, strokeWidth=1).encode(
            x=alt.X("值:Q"), x2="末:Q", tooltip=tooltip
        ),
        hatch.mark_tick(size=BAR - 2, thickness=1, color=COMPARISON).encode(x="值:Q", y=down),
        *_bands(drawn, down),
        bars.mark_tick(size=BAR + 12, thickness=2, color=INK).encode(x="准:Q"),
        bars.mark_text(align="left", dx=4, dy=-BAR + 2, font=FONT, fontSize=12, color=INK).encode(
            x="末:Q", text="字:N"
        ),
    ]
    return alt.layer(*layers).properties(height=ROW_HEIGHT * len(drawn) + 50)


def outlook_words(lines: Sequence[Outlook]) -> str:
    """The chart's text alternative."""
    said = [
        f"{one.fund}{one.item}年初至今 {one.so_far} 万元,预计全年 {one.year_end} 万元(80% 区间 {one.band80}),"
        f"上年同月法 {one.benchmark} 万元"
        for one in lines
        if one.item in DRAWN and one.forecast is not None
    ]
    return ";".join(said) + "。"


def _bar(one: Outlook) -> dict[str, Any]:
    found = one.forecast
    return {
        "名称": f"{one.fund}{one.item}",
        "值": found.year_to_date / WAN if found else None,
        "末": found.year_end / WAN if found else None,
        "准": one.reference / WAN if one.reference is not None else None,
        "字": f"预计 {one.year_end}",
        "年初至今": one.so_far,
        "预计全年": one.year_end,
        "80%区间": one.band80,
        "95%区间": one.band95,
        "基准": one.benchmark,
    }


def _hatching(drawn: Sequence[Outlook]) -> list[dict[str, Any]]:
    """Strokes at one distance over every forecast part: the browser's own pattern fills do not print."""
    longest = (
        max(abs(one.forecast.year_end - one.forecast.year_to_date) for one in drawn if one.forecast) / WAN
    )
    step = longest / STROKES or 1.0
    rows = []
    for one in drawn:
        if one.forecast is None:
            continue
        start, end = one.forecast.year_to_date / WAN, one.forecast.year_end / WAN
        rows += [
            {"名称": f"{one.fund}{one.item}", "值": round(start + step * (stroke + 0.5), 4)}
            for stroke in range(max(0, int((end - start) / step)))
        ]
    return rows


def _bands(drawn: Sequence[Outlook], down: alt.Y) -> list[alt.Chart]:
    layers = []
    for level, thick in ((95, 1.2), (80, 4)):
        rows = [
            {"名称": f"{one.fund}{one.item}", "低": band.lower / WAN, "高": band.upper / WAN}
            for one in drawn
            if one.forecast is not None and (band := one.forecast.band(level)) is not None
        ]
        if rows:
            rule = alt.Chart(pd.DataFrame(rows)).mark_rule(strokeWidth=thick, color=SECONDARY, opacity=0.9)
            layers.append(rule.encode(y=down, x="低:Q", x2="高:Q"))
    return layers
