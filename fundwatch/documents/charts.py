"""Charts of a document as pictures: the design's theme, all text in a registered Chinese font, no browser.

vl-convert leaves out what its font lacks without a word (measured: default font 497 dark pixels of a title instead of 1,055, an unknown
font 0), so the family is one that ``find_fonts`` saw on this machine.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from fundwatch import numbers
from fundwatch.chart_theme import ACCENT, COMPARISON, INK, SERIES, chart_config
from fundwatch.documents.fonts import Fonts, find_fonts
from fundwatch.documents.model import Chart

#: the drawing area in CSS pixels; at 156 mm text width a 12 px label prints at about 9 pt
WIDTH, HEIGHT, STEP = 520, 165, 26
#: pixels per CSS pixel of a PNG: about 300 dpi at the printed width
PNG_SCALE = 3
VERTICAL = {"line": "mark_line", "column": "mark_bar"}


def spec(chart: Chart, font: str) -> dict[str, Any]:
    """The Vega-Lite document of a chart; its values become doubles here, at the last step."""
    made = _lying(chart) if chart.kind == "bar" else _upright(chart)
    with alt.theme.enable("none"):
        found = made.to_dict()
    found["config"] = chart_config(font)
    return found


def as_svg(chart: Chart, fonts: Fonts | None = None) -> str:
    """The chart as SVG with its text kept as text (selectable in the PDF)."""
    return _svg(json.dumps(spec(chart, (fonts or find_fonts()).chart), ensure_ascii=False, sort_keys=True))


def as_png(chart: Chart, fonts: Fonts | None = None) -> bytes:
    """The chart as PNG for DOCX."""
    return vl_convert.svg_to_png(as_svg(chart, fonts), scale=PNG_SCALE)


@lru_cache(maxsize=64)
def _svg(text: str) -> str:
    """Drawn once for all formats: a drawing takes about half a second."""
    return vl_convert.vegalite_to_svg(text)


def _frame(chart: Chart) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "类别": category,
                "系列": series.name,
                "值": None if value is None else float(value),
                "数值": "" if value is None else numbers.plain(value, chart.decimals),
            }
            for series in chart.series
            for category, value in zip(chart.categories, series.values, strict=True)
        ]
    )


def _colour(chart: Chart) -> alt.Color | alt.Value:
    """One series needs no legend; of two the later is the comparison."""
    names = [series.name for series in chart.series]
    if len(names) == 1:
        return alt.value(ACCENT)
    shades = [ACCENT, COMPARISON] if len(names) == 2 else list(SERIES[: len(names)])
    return alt.Color(
        "系列:N", sort=names, scale=alt.Scale(domain=names, range=shades), legend=alt.Legend(title=None)
    )


def _upright(chart: Chart) -> alt.LayerChart:
    across = alt.X("类别:N", sort=list(chart.categories), title=None, axis=alt.Axis(labelAngle=0, grid=False))
    up = alt.Y("值:Q", title=chart.unit, scale=alt.Scale(zero=True, nice=True), axis=_axis(chart))
    base = alt.Chart(_frame(chart)).encode(x=across, color=_colour(chart))
    several = (
        {}
        if chart.kind == "line" or len(chart.series) == 1
        else {"xOffset": alt.XOffset("系列:N", sort=[series.name for series in chart.series])}
    )
    if chart.kind == "line":
        marks = [
            base.mark_line(strokeWidth=2).encode(y=up),
            base.mark_point(filled=True, size=40, opacity=1).encode(y=up),
        ]
    else:
        marks = [base.mark_bar(**({} if several else {"size": 22})).encode(y=up, **several)]
    # With many months the figures would run into each other; the table beside the chart has them all.
    if len(chart.categories) * len(chart.series) <= 13:
        words = alt.Chart(_frame(chart)).mark_text(dy=-8, color=INK, fontSize=11)
        marks.append(words.encode(x=across, y=up, text="数值:N", **several))
    return alt.layer(*marks).properties(width=WIDTH, height=HEIGHT)


def _lying(chart: Chart) -> alt.LayerChart:
    down = alt.Y(
        "类别:N",
        sort=list(chart.categories),
        title=None,
        axis=alt.Axis(labelLimit=220, ticks=False, domain=False, labelFontSize=12),
    )
    across = alt.X("值:Q", title=chart.unit, scale=alt.Scale(zero=True, nice=True), axis=_axis(chart))
    base = alt.Chart(_frame(chart))
    several = (
        {}
        if len(chart.series) == 1
        else {"yOffset": alt.YOffset("系列:N", sort=[series.name for series in chart.series])}
    )
    bars = base.mark_bar(**({} if several else {"size": 15})).encode(
        x=across, y=down, color=_colour(chart), **several
    )
    words = base.mark_text(align="left", dx=4, color=INK, fontSize=11).encode(
        x=across, y=down, text="数值:N", **several
    )
    rows = len(chart.categories) * len(chart.series)
    return alt.layer(bars, words).properties(width=WIDTH - 120, height=STEP * max(rows, 2))


def _axis(chart: Chart) -> alt.Axis:
    """Ticks of counts are whole: four people are not 3.5."""
    largest = max(
        (value for series in chart.series for value in series.values if value is not None), default=Decimal(0)
    )
    count = 5 if chart.decimals else min(5, max(1, int(largest)))
    return alt.Axis(format=f",.{chart.decimals}~f" if chart.decimals else ",.0f", tickCount=count)
