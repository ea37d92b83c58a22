"""The findings as PPTX: titles that are titles, native charts whose data can be edited, tables as tables, Chinese fonts named in the
theme and in every run (WPS takes another one otherwise, python-pptx#720)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from fundwatch.chart_theme import ACCENT, ATTENTION, BAD, COMPARISON, GOOD, INK, LINES, SECONDARY
from fundwatch.documents import Chart, Series, Table
from fundwatch.meetings.brief import Brief
from fundwatch.meetings.findings import Finding, findings
from fundwatch.meetings.tables_shown import source_words

#: on the clerk's machine; Word, WPS and LibreOffice take their own where it is not
CHINESE, LATIN = "微软雅黑", "Arial"
WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, TOP = Inches(0.7), Inches(1.75)
INNER = WIDTH - 2 * LEFT
FOOT = Inches(6.95)
THEME = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
TONES = {"good": GOOD, "bad": BAD, "attention": ATTENTION, "neutral": INK}
#: the layout with a title and nothing else
TITLE_ONLY = 5
TABLE_PT, LEAD_PT, POINT_PT = 15, 16, 18
#: a title longer than this is set smaller, so that it stays on two lines
LONG_TITLE = 34
HUNDRED = 100


def as_pptx(brief: Brief) -> bytes:
    """The meeting's findings, one to a slide."""
    made = Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    _theme(made)
    layout = made.slide_layouts[TITLE_ONLY]
    for unused in [shape for shape in layout.placeholders if shape.placeholder_format.type is not None][1:]:
        unused._element.getparent().remove(unused._element)
    found = findings(brief)
    for number, finding in enumerate(found, 1):
        slide = made.slides.add_slide(layout)
        _slide(slide, finding)
        _foot(slide, source_words(brief.facts), f"{number} / {len(found)}")
    properties = made.core_properties
    properties.title, properties.author = brief.meeting.title, brief.facts.county
    properties.created = properties.modified = brief.meeting.made_at
    properties.language, properties.last_modified_by = "zh-CN", brief.facts.county
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _slide(slide: Any, finding: Finding) -> None:
    if finding.is_cover:
        _cover(slide, finding)
        return
    _words(slide, finding.section, (LEFT, Inches(0.42), INNER, Inches(0.4)), 15, ACCENT, bold=True)
    _title(slide, finding.title, (LEFT, Inches(0.78), INNER, Inches(0.95)), 30)
    top = TOP
    if finding.lead:
        _words(slide, finding.lead, (LEFT, top, INNER, Inches(0.62)), LEAD_PT, SECONDARY)
        top += Inches(0.68)
    room = FOOT - top - Inches(0.1)
    if finding.chart is not None and finding.points:
        _chart(slide, finding.chart, (LEFT, top, int(INNER * 0.58), room))
        _points(slide, finding.points, (LEFT + int(INNER * 0.61), top, int(INNER * 0.39), room))
    elif finding.chart is not None:
        _chart(slide, finding.chart, (LEFT, top, INNER, room))
    elif finding.table is not None:
        _table(slide, finding.table, finding.tones, (LEFT, top, INNER, room))
    elif finding.points and finding.big:
        _words(slide, finding.big, (LEFT, top + Inches(1), int(INNER * 0.5), Inches(1.6)), 72, BAD, bold=True)
        _points(slide, finding.points, (LEFT + int(INNER * 0.55), top, int(INNER * 0.45), room))
    elif finding.points:
        _agenda(slide, finding.points, (LEFT, top, INNER, room))


def _cover(slide: Any, finding: Finding) -> None:
    band = slide.shapes.add_shape(1, 0, 0, Inches(0.28), HEIGHT)
    band.fill.solid()
    band.fill.fore_color.rgb = _rgb(ACCENT)
    band._element.remove(band._element.find(qn("p:style")))
    _words(slide, finding.section, (LEFT, Inches(1.5), INNER, Inches(0.5)), 22, ACCENT, bold=True)
    _title(slide, finding.title, (LEFT, Inches(2.05), INNER, Inches(1.3)), 44)
    _words(slide, finding.lead, (LEFT, Inches(3.5), INNER, Inches(0.8)), 22, INK)
    for place, (label, words) in enumerate(finding.points):
        box = (LEFT, Inches(4.6) + place * Inches(0.45), INNER, Inches(0.4))
        _words(slide, f"{label}:{words}", box, 16, SECONDARY)


def _title(slide: Any, text: str, box: tuple[int, int, int, int], size: int) -> None:
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = box
    frame = title.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    _run(paragraph, text, size if len(text) <= LONG_TITLE else size - 6, INK, bold=True)


def _words(
    slide: Any, text: str, box: tuple[int, int, int, int], size: float, colour: str, *, bold: bool = False
) -> Any:
    shape = slide.shapes.add_textbox(*box)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _run(frame.paragraphs[0], text, size, colour, bold=bold)
    return shape


def _points(slide: Any, points: Sequence[tuple[str, str]], box: tuple[int, int, int, int]) -> None:
    """Labelled sentences below each other, in a panel."""
    panel = slide.shapes.add_shape(1, *box)
    panel.fill.solid()
    panel.fill.fore_color.rgb = _rgb("#F6F8FA")
    panel.line.color.rgb = _rgb(LINES)
    # The preset's style brings a shadow and white text.
    panel._element.remove(panel._element.find(qn("p:style")))
    frame = panel.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = Inches(0.2)
    frame.margin_top = frame.margin_bottom = Inches(0.15)
    # Long texts are set smaller, so that the panel holds them.
    size = POINT_PT if sum(len(words) for _, words in points) < 140 else 13
    for place, (label, words) in enumerate(points):
        paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
        paragraph.alignment, paragraph.space_before = PP_ALIGN.LEFT, Pt(0 if not place else 10)
        _run(paragraph, label, size - 4, SECONDARY)
        paragraph = frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        _run(paragraph, words, size, INK)


def _agenda(slide: Any, points: Sequence[tuple[str, str]], box: tuple[int, int, int, int]) -> None:
    """Numbered headings with what each is about beside it."""
    left, top, width, room = box
    step = min(Inches(0.78), room // max(len(points), 1))
    share = int(width * 0.27)
    for place, (heading, words) in enumerate(points):
        row = top + place * step
        _words(slide, f"{place + 1}　{heading}", (left, row, share, step), 19, INK, bold=True)
        _words(slide, words, (left + share, row, width - share, step), 15, SECONDARY)


def _table(slide: Any, table: Table, tones: Sequence[str], box: tuple[int, int, int, int]) -> None:
    left, top, width, room = box
    rows = len(table.rows) + 1
    height = min(Inches(0.5), room // rows)
    made = slide.shapes.add_table(rows, len(table.columns), left, top, width, height * rows)
    frame = made.table
    _plain_table(made)
    whole = sum(column.weight for column in table.columns)
    for place, column in enumerate(table.columns):
        frame.columns[place].width = int(width * column.weight / whole)
        _cell(frame.cell(0, place), column.header, column.is_number, SECONDARY, bold=True)
    for number, row in enumerate(table.rows):
        frame.rows[number + 1].height = height
        strong = number >= len(table.rows) - table.total_rows
        tone = tones[number] if number < len(tones) else "neutral"
        for place, (text, column) in enumerate(zip(row, table.columns, strict=True)):
            coloured = TONES[tone] if _is_verdict(column.header) else INK
            _cell(frame.cell(number + 1, place), text, column.is_number, coloured, bold=strong)
    frame.rows[0].height = height


def _is_verdict(header: str) -> bool:
    """Whether a column says in words how something stands; only those are coloured."""
    return header in {"差距", "说明", "办理情况", "逾期天数"}


def _cell(cell: Any, text: str, is_number: bool, colour: str, *, bold: bool) -> None:
    cell.fill.background()
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.08)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
    _run(paragraph, text, TABLE_PT if len(text) < 46 else TABLE_PT - 3, colour, bold=bold)
    properties = cell._tc.get_or_add_tcPr()
    line = etree.SubElement(properties, qn("a:lnB"), w="9525")
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=LINES.lstrip("#"))
    # The schema has lines before fills.
    properties.insert(0, line)


def _plain_table(made: Any) -> None:
    """No banding and no style of its own: hairlines as in an official document."""
    properties = made._element.graphic.graphicData.tbl.tblPr
    for name in ("bandRow", "firstRow"):
        properties.attrib.pop(name, None)
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def _chart(slide: Any, chart: Chart, box: tuple[int, int, int, int]) -> None:
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
    made.font.size, made.font.color.rgb = Pt(13), _rgb(SECONDARY)
    _chinese(made.font._rPr)
    made.has_title = True
    note = f"({chart.note})" if chart.note else ""
    title = made.chart_title.text_frame.paragraphs[0]
    _run(title, f"{chart.title},单位:{chart.unit}{note}", 13, SECONDARY)
    made.has_legend = len(series) > 1
    if made.has_legend:
        made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    value_axis = made.value_axis
    value_axis.has_major_gridlines = True
    value_axis.major_gridlines.format.line.color.rgb = _rgb(LINES)
    value_axis.format.line.fill.background()
    value_axis.tick_labels.number_format = form if chart.kind == "bar" else "General"
    value_axis.tick_labels.number_format_is_linked = False
    made.category_axis.format.line.color.rgb = _rgb(LINES)
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
        line.color.rgb, line.width = _rgb(INK if is_target else ACCENT), Pt(1.5 if is_target else 2.5)
        if is_target:
            line.dash_style = MSO_LINE.DASH
            one.marker.style = None
            _no_marker(one)
        else:
            one.marker.size = 7
            one.marker.format.fill.solid()
            one.marker.format.fill.fore_color.rgb = _rgb(ACCENT)
            one.marker.format.line.color.rgb = _rgb(ACCENT)


def _bars(made: Any, form: str) -> None:
    plot = made.plots[0]
    plot.gap_width, plot.overlap = 60, -10
    for place, one in enumerate(plot.series):
        one.format.fill.solid()
        one.format.fill.fore_color.rgb = _rgb(COMPARISON if place else ACCENT)
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


def _foot(slide: Any, left: str, right: str) -> None:
    _words(slide, left, (LEFT, FOOT, int(INNER * 0.85), Inches(0.3)), 11, SECONDARY)
    shape = _words(
        slide, right, (LEFT + int(INNER * 0.85), FOOT, int(INNER * 0.15), Inches(0.3)), 11, SECONDARY
    )
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _run(paragraph: Any, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _rgb(colour)
    run.font.name = LATIN
    _chinese(run._r.get_or_add_rPr())
    run._r.get_or_add_rPr().set("lang", "zh-CN")


def _chinese(properties: Any) -> None:
    """Name the East-Asian face: ``font.name`` sets the Latin one only."""
    found = properties.find(qn("a:ea"))
    if found is None:
        found = etree.SubElement(properties, qn("a:ea"))
        latin = properties.find(qn("a:latin"))
        if latin is not None:
            latin.addnext(found)
    found.set("typeface", CHINESE)


def _theme(made: Any) -> None:
    """The theme's fonts, so that what a clerk adds later has the same face."""
    part = made.slide_master.part.part_related_by(THEME)
    tree = etree.fromstring(part.blob)
    for group in tree.iter(qn("a:majorFont"), qn("a:minorFont")):
        group.find(qn("a:latin")).set("typeface", LATIN)
        group.find(qn("a:ea")).set("typeface", CHINESE)
        for own in group.findall(qn("a:font")):
            if own.get("script") == "Hans":
                own.set("typeface", CHINESE)
    part._blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#"))
