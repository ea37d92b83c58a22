"""The control chart drawn: mean and limits grey, special months filled in the colour of their meaning, events as thin verticals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from fundwatch.screens.control import LEAST_DRAWN, ControlView, Event, Month, control_rows, fields_of
from fundwatch.ui import numbers
from fundwatch.ui.charts import ACCENT, ATTENTION, FONT, GOOD, INK, SECONDARY
from fundwatch.ui.sheet import as_parts, sheet
from fundwatch.ui.specs import kept
from fundwatch.ui.words import escaped

HEIGHT = 260
LIMIT_GREY, MEAN_GREY = "#B4BFCA", "#8A97A5"
#: colour of a point by what it means; without a direction a special month is larger, not coloured as good or bad
FILLS = {"common": ACCENT, "improvement": GOOD, "concern": ATTENTION, "neutral": ACCENT, "open": "#FFFFFF"}
EDGES = {**FILLS, "open": ACCENT}
SIZES = {"common": 26, "improvement": 95, "concern": 95, "neutral": 95, "open": 45}


def show_control(view: ControlView, key: str) -> None:
    """The finding as heading, the chart, its limits in words, and the months as a list behind a click."""
    st.markdown(f"**{escaped(view.title)}**")
    if not view.can_draw:
        st.caption(f"有数值的月份不足 {LEAST_DRAWN} 个,不画趋势。")
        return
    st.vega_lite_chart(spec=kept(control_chart, view), width="stretch", key=key, alt=view.text)
    st.caption(escaped(" ".join(part for part in (view.caption, view.event_words) if part)))
    with st.expander("逐月数值与控制限"):
        sheet(*as_parts(control_rows(view), fields_of(view)), key=f"{key}_months")


def control_chart(view: ControlView) -> alt.LayerChart:
    """The chart of a view: limits, line, points, target, events."""
    frame = pd.DataFrame([_record(view, one) for one in view.months])
    base = alt.Chart(frame).encode(x=_across())
    axis = alt.Axis(tickCount=5, format=f",.{view.decimals}~f" if view.decimals else ",.0f")
    up = alt.Y("值:Q", title=view.unit, scale=_scale(view), axis=axis)
    tooltip = [alt.Tooltip(name, type="nominal") for name in ("月", "数值", "说明", "控制限")]
    layers = [*_limit_layers(view)]
    layers += [
        base.transform_filter("!datum['空心']").mark_line(color=ACCENT, strokeWidth=1.6).encode(y=up),
        base.mark_point(filled=True, opacity=1, strokeWidth=1.6).encode(
            y=up,
            fill=alt.Fill("填:N", scale=None),
            stroke=alt.Stroke("边:N", scale=None),
            size=alt.Size("大:Q", scale=None),
            tooltip=tooltip,
        ),
        base.transform_filter("datum['空心']")
        .mark_text(dy=-12, font=FONT, fontSize=12, color=SECONDARY)
        .encode(y=up, text="说明:N"),
    ]
    if view.target is not None:
        layers += _target(view)
    if view.events:
        layers += _events(view.events)
    return alt.layer(*layers).properties(
        height=HEIGHT, padding={"left": 5, "right": 5, "top": 18, "bottom": 5}
    )


def _scale(view: ControlView) -> alt.Scale:
    """The values' own span; room around a series that never moves, which would have an axis of one number."""
    known = {float(one.value) for one in view.months if one.value is not None}
    edges = {edge for one in view.stretches for edge in (one.lower, one.upper) if edge is not None}
    if len(known) == 1 and view.target is None and not edges:
        (value,) = known
        room = max(abs(value) / 10, 1.0)
        return alt.Scale(domain=[value - room, value + room], nice=False)
    return alt.Scale(zero=False, nice=True)


def _across() -> alt.X:
    axis = alt.Axis(format="%y年%-m月", title=None, grid=False, tickCount="month", labelOverlap=True)
    return alt.X("月份:T", axis=axis)


def _record(view: ControlView, one: Month) -> dict[str, Any]:
    stretch = next((found for found in view.stretches if found.first <= one.month <= found.last), None)
    edges = (
        [
            None if edge is None else numbers.plain(edge, view.decimals)
            for edge in (stretch.lower, stretch.upper)
        ]
        if stretch
        else []
    )
    return {
        "月份": pd.Timestamp(f"{one.month}-01"),
        "值": None if one.value is None else float(one.value),
        "填": FILLS[one.meaning],
        "边": EDGES[one.meaning],
        "大": SIZES[one.meaning],
        "空心": one.meaning == "open",
        "月": numbers.month(one.month),
        "数值": f"{numbers.plain(one.value, view.decimals)} {view.unit}",
        "说明": one.note or ("正常波动" if stretch else ""),
        "控制限": " 至 ".join(edge or "不设" for edge in edges) or numbers.NONE,
    }


def _limit_layers(view: ControlView) -> list[alt.Chart]:
    """Mean and limits of each stretch, half a month over its ends, with a word at the right end of the last one."""
    if not view.stretches:
        return []
    rows = [
        {
            "月份": pd.Timestamp(f"{stretch.first}-01") - pd.Timedelta(days=12),
            "到": pd.Timestamp(f"{stretch.last}-01") + pd.Timedelta(days=12),
            "值": float(edge),
            "线": name,
            "字": name if stretch is view.stretches[-1] else "",
        }
        for stretch in view.stretches
        for name, edge in (("均值", stretch.mean), ("下控制限", stretch.lower), ("上控制限", stretch.upper))
        if edge is not None
    ]  # fmt: skip
    first = pd.Timestamp(f"{view.months[0].month}-01") - pd.Timedelta(days=12)
    for row in rows:
        row["月份"] = max(row["月份"], first)
    chart = alt.Chart(pd.DataFrame(rows))
    colour = alt.condition("datum['线'] == '均值'", alt.value(MEAN_GREY), alt.value(LIMIT_GREY))
    rules = chart.mark_rule(strokeWidth=1.2).encode(x=_across(), x2="到:T", y="值:Q", color=colour)
    words = chart.mark_text(align="right", dy=-6, font=FONT, fontSize=11, color=SECONDARY).encode(
        x=alt.X("到:T"), y="值:Q", text="字:N"
    )
    return [rules, words]


def _target(view: ControlView) -> list[alt.Chart]:
    chart = alt.Chart(pd.DataFrame([{"值": float(view.target or 0), "字": view.target_words}]))
    rule = chart.mark_rule(color=INK, strokeDash=[5, 4]).encode(y="值:Q")
    text = chart.mark_text(align="left", baseline="bottom", dx=2, dy=-3, font=FONT, color=INK).encode(
        x=alt.value(0), y="值:Q", text="字:N"
    )
    return [rule, text]


def _events(events: Sequence[Event]) -> list[alt.Chart]:
    """Thin verticals with a number: the words of neighbouring events would lie over each other, they stand below."""
    frame = pd.DataFrame(
        [{"月份": pd.Timestamp(f"{event.month}-01"), "字": event.word, "号": event.sign} for event in events]
    )
    chart = alt.Chart(frame).encode(x="月份:T", tooltip=[alt.Tooltip("字:N", title="事件")])
    text = chart.mark_text(dy=-8, baseline="middle", font=FONT, fontSize=13, color=SECONDARY)
    return [
        chart.mark_rule(color=SECONDARY, strokeWidth=1, opacity=0.7),
        text.encode(y=alt.value(0), text="号:N"),
    ]
