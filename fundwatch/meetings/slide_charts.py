"""Native charts on a slide: a month line with its target, lying bars; the data can be edited in PowerPoint and WPS."""

from __future__ import annotations

from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from fundwatch.chart_theme import ACCENT, COMPARISON, INK, LINES, SECONDARY
from fundwatch.documents import Chart, Series
from fundwatch.meetings.slide_text import add_run, name_chinese, rgb

HUNDRED = 100


def add_chart(slide: Any, chart: Chart, box: tuple[int, int, int, int]) -> None:
    """Draw the chart into the box (left, top, width, height); its months or cases lie in an embedded workbook."""
    kind = XL_CHART_TYPE.LINE_MARKERS if chart.kind == "line" else XL_CHART_TYPE.BAR_CLUSTERED
    series = chart.series
    # PowerPoint draws lying bars from the bottom up.
    order = range(len(chart.categories)) if chart.kind == "line" else range(len(chart.categories) - 1, -1, -1)
    form = "#,##0" + ("." + "0" * chart.decimals if chart.decimals else "")
    data = CategoryChartData(number_format=form)
    data.categories = [chart.categories[place] for place in order]
    for one in series:
        data.add_series(one.name, [_double(one, place) for place in order])
    shape = slide.shapes.add_chart(kind, *box, data)
    shape.name = chart.title
    made = shape.chart
    made.font.size, made.font.color.rgb = Pt(13), rgb(SECONDARY)
    name_chinese(made.font._rPr)
    made.has_title = True
    note = f"({chart.note})" if chart.note else ""
    title = made.chart_title.text_frame.paragraphs[0]
    add_run(title, f"{chart.title},单位:{chart.unit}{note}", 13, SECONDARY)
    made.has_legend = len(series) > 1
    if made.has_legend:
        made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    value_axis = made.value_axis
    value_axis.has_major_gridlines = True
    value_axis.major_gridlines.format.line.color.rgb = rgb(LINES)
    value_axis.format.line.fill.background()
    value_axis.tick_labels.number_format = form if chart.kind == "bar" else "General"
    value_axis.tick_labels.number_format_is_linked = False
    made.category_axis.format.line.color.rgb = rgb(LINES)
    made.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if chart.kind == "line":
        made.category_axis.tick_labels.font.size = Pt(11)
        if chart.unit == "%" and max(v for one in series for v in one.values if v is not None) <= HUNDRED:
            value_axis.maximum_scale = HUNDRED
        _lines(made)
    else:
        value_axis.minimum_scale = 0
        _bars(made, form)


def _lines(made: Any) -> None:
    for place, one in enumerate(made.plots[0].series):
        one.smooth = False
        line = one.format.line
        is_target = place > 0
        line.color.rgb, line.width = rgb(INK if is_target else ACCENT), Pt(1.5 if is_target else 2.5)
        if is_target:
            line.dash_style = MSO_LINE.DASH
            one.marker.style = None
            _no_marker(one)
        else:
            one.marker.size = 7
            one.marker.format.fill.solid()
            one.marker.format.fill.fore_color.rgb = rgb(ACCENT)
            one.marker.format.line.color.rgb = rgb(ACCENT)


def _bars(made: Any, form: str) -> None:
    plot = made.plots[0]
    plot.gap_width, plot.overlap = 60, -10
    for place, one in enumerate(plot.series):
        one.format.fill.solid()
        one.format.fill.fore_color.rgb = rgb(COMPARISON if place else ACCENT)
        labels = one.data_labels
        labels.show_value, labels.number_format, labels.number_format_is_linked = True, form, False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        labels.font.size = Pt(12)


def _no_marker(series: Any) -> None:
    marker = series._element.get_or_add_marker()
    symbol = marker.find(qn("c:symbol"))
    if symbol is None:
        symbol = etree.SubElement(marker, qn("c:symbol"))
    symbol.set("val", "none")


def _double(series: Series, place: int) -> float | None:
    """A chart's own data are doubles; figures in words come from the exact values."""
    value = series.values[place]
    return None if value is None else float(value)
