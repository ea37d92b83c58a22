"""The findings as PPTX: titles that are titles, native charts whose data can be edited, tables as tables, Chinese fonts named in the
theme and in every run (WPS takes another one otherwise, python-pptx#720)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from fundwatch.chart_theme import ACCENT, ATTENTION, BAD, GOOD, INK, LINES, SECONDARY
from fundwatch.documents import Table
from fundwatch.meetings.brief import Brief
from fundwatch.meetings.findings import Finding, findings
from fundwatch.meetings.slide_charts import add_chart
from fundwatch.meetings.slide_text import CHINESE, LATIN, add_run, rgb, words_in
from fundwatch.meetings.tables_shown import source_words

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, TOP = Inches(0.7), Inches(1.75)
INNER = WIDTH - 2 * LEFT
FOOT = Inches(6.95)
THEME = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
TONES = {"good": GOOD, "bad": BAD, "attention": ATTENTION, "neutral": INK}
#: the layout with a title and nothing else
TITLE_ONLY = 5
TABLE_PT, LEAD_PT, POINT_PT = 14, 16, 18
#: a title longer than this is set smaller, so that it stays on two lines
LONG_TITLE = 34


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
    words_in(slide, finding.section, (LEFT, Inches(0.42), INNER, Inches(0.4)), 15, ACCENT, bold=True)
    _title(slide, finding.title, (LEFT, Inches(0.78), INNER, Inches(0.95)), 30)
    top = TOP
    if finding.lead:
        words_in(slide, finding.lead, (LEFT, top, INNER, Inches(0.62)), LEAD_PT, SECONDARY)
        top += Inches(0.68)
    room = FOOT - top - Inches(0.1)
    if finding.chart is not None and finding.points:
        add_chart(slide, finding.chart, (LEFT, top, int(INNER * 0.58), room))
        _points(slide, finding.points, (LEFT + int(INNER * 0.61), top, int(INNER * 0.39), room))
    elif finding.chart is not None:
        add_chart(slide, finding.chart, (LEFT, top, INNER, room))
    elif finding.table is not None:
        _table(slide, finding.table, finding.tones, (LEFT, top, INNER, room))
    elif finding.points and finding.big:
        words_in(
            slide, finding.big, (LEFT, top + Inches(1), int(INNER * 0.5), Inches(1.6)), 72, BAD, bold=True
        )
        _points(slide, finding.points, (LEFT + int(INNER * 0.55), top, int(INNER * 0.45), room))
    elif finding.points:
        _agenda(slide, finding.points, (LEFT, top, INNER, room))


def _cover(slide: Any, finding: Finding) -> None:
    band = slide.shapes.add_shape(1, 0, 0, Inches(0.28), HEIGHT)
    band.fill.solid()
    band.fill.fore_color.rgb = rgb(ACCENT)
    band._element.remove(band._element.find(qn("p:style")))
    words_in(slide, finding.section, (LEFT, Inches(1.5), INNER, Inches(0.5)), 22, ACCENT, bold=True)
    _title(slide, finding.title, (LEFT, Inches(2.05), INNER, Inches(1.3)), 44)
    words_in(slide, finding.lead, (LEFT, Inches(3.5), INNER, Inches(0.8)), 22, INK)
    for place, (label, words) in enumerate(finding.points):
        box = (LEFT, Inches(4.6) + place * Inches(0.45), INNER, Inches(0.4))
        words_in(slide, f"{label}:{words}", box, 16, SECONDARY)


def _title(slide: Any, text: str, box: tuple[int, int, int, int], size: int) -> None:
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = box
    frame = title.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    add_run(paragraph, text, size if len(text) <= LONG_TITLE else size - 6, INK, bold=True)


def _points(slide: Any, points: Sequence[tuple[str, str]], box: tuple[int, int, int, int]) -> None:
    """Labelled sentences below each other, in a panel."""
    panel = slide.shapes.add_shape(1, *box)
    panel.fill.solid()
    panel.fill.fore_color.rgb = rgb("#F6F8FA")
    panel.line.color.rgb = rgb(LINES)
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
        add_run(paragraph, label, size - 4, SECONDARY)
        paragraph = frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        add_run(paragraph, words, size, INK)


def _agenda(slide: Any, points: Sequence[tuple[str, str]], box: tuple[int, int, int, int]) -> None:
    """Numbered headings with what each is about beside it."""
    left, top, width, room = box
    step = min(Inches(0.78), room // max(len(points), 1))
    share = int(width * 0.27)
    for place, (heading, words) in enumerate(points):
        row = top + place * step
        words_in(slide, f"{place + 1}　{heading}", (left, row, share, step), 19, INK, bold=True)
        words_in(slide, words, (left + share, row, width - share, step), 15, SECONDARY)


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
    add_run(paragraph, text, TABLE_PT if len(text) < 46 else TABLE_PT - 3, colour, bold=bold)
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


def _foot(slide: Any, left: str, right: str) -> None:
    words_in(slide, left, (LEFT, FOOT, int(INNER * 0.85), Inches(0.3)), 11, SECONDARY)
    shape = words_in(
        slide, right, (LEFT + int(INNER * 0.85), FOOT, int(INNER * 0.15), Inches(0.3)), 11, SECONDARY
    )
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


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
