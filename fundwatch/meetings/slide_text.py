"""Text on a slide: runs with their colour and their East-Asian face."""

from __future__ import annotations

from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Pt

#: on the clerk's machine; PowerPoint, WPS and LibreOffice take their own where it is not
CHINESE, LATIN = "微软雅黑", "Arial"


def words_in(
    slide: Any, text: str, box: tuple[int, int, int, int], size: float, colour: str, *, bold: bool = False
) -> Any:
    """A text box (left, top, width, height) without margins that holds one paragraph; returns the shape."""
    shape = slide.shapes.add_textbox(*box)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    add_run(frame.paragraphs[0], text, size, colour, bold=bold)
    return shape


def add_run(paragraph: Any, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    """Add the text to a paragraph, with both its faces named."""
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, rgb(colour)
    run.font.name = LATIN
    name_chinese(run._r.get_or_add_rPr())
    run._r.get_or_add_rPr().set("lang", "zh-CN")


def name_chinese(properties: Any) -> None:
    """Name the East-Asian face: ``font.name`` sets the Latin one only."""
    found = properties.find(qn("a:ea"))
    if found is None:
        found = etree.SubElement(properties, qn("a:ea"))
        latin = properties.find(qn("a:latin"))
        if latin is not None:
            latin.addnext(found)
    found.set("typeface", CHINESE)


def rgb(colour: str) -> RGBColor:
    """#1F5FA8 as the file format holds it."""
    return RGBColor.from_string(colour.lstrip("#"))
