"""The measures of GB/T 9704-2012 (党政机关公文格式) and a DOCX template that has them, for an office to go on from.

``scripts/official_template.py FILE.docx`` writes a fresh template. Fonts are named, not embedded: 方正小标宋, 仿宋_GB2312 and
楷体_GB2312 are on the clerk's machine; where they are not, Word and WPS take the alternative that the font table names.
"""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

#: A4 with the type area of 156 mm by 225 mm (5.2)
PAGE_MM = (210, 297)
#: top, bottom, left, right (5.2.1)
MARGINS_MM = (37, 35, 28, 26)
#: 22 lines of 28 characters (5.2.3): 225 mm hold 22 lines of 28.95 pt
LINE_PT = 28.95
CHARACTERS, LINES = 28, 22
#: 28 characters of 16 pt are 448 pt, the line has 442.2: each gives a quarter point. A character grid would say the same, but
#: LibreOffice spreads it to two cells per character.
CLOSER_PT = -0.25
#: 二号, 三号, 四号, and what tables are set in (小四 and 五号)
TITLE_PT, BODY_PT, PAGE_NUMBER_PT, SMALL_PT, TABLE_PT = 22, 16, 14, 12, 10.5
TITLE_FONT, BODY_FONT, HEADING_FONT, SECOND_FONT, DIGITS_FONT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "Times New Roman",
)
#: what stands in for a face that a machine does not have
ALTERNATIVES = {TITLE_FONT: "华文中宋", BODY_FONT: "仿宋", SECOND_FONT: "楷体", HEADING_FONT: "SimHei"}
BODY, TABLE_TEXT, CAPTION, UNIT, NOTE, PICTURE, CLOSING = (
    "公文正文",
    "公文表格文字",
    "公文表题",
    "公文单位",
    "公文附注",
    "公文图",
    "公文落款",
)
HEADINGS = {
    1: ("Heading 1", HEADING_FONT),
    2: ("Heading 2", SECOND_FONT),
    3: ("Heading 3", BODY_FONT),
    4: ("Heading 4", BODY_FONT),
}
FONTS_PART = "/word/fontTable.xml"
SLOTS = ("标题", "副题", "正文")


def official_template() -> bytes:
    """A DOCX with the styles of GB/T 9704 and the slots {{ 标题 }}, {{ 副题 }}, {{ 正文 }}, {{ 落款单位 }}, {{ 落款日期 }}."""
    made = docx.Document()
    _page(made)
    _styles(made)
    _font_table(made)
    for style, text in (
        ("Title", "{{ 标题 }}"),
        ("Subtitle", "{{ 副题 }}"),
        (BODY, "{{ 正文 }}"),
        (NOTE, ""),
        (CLOSING, "{{ 落款单位 }}"),
        (CLOSING, "{{ 落款日期 }}"),
    ):
        made.add_paragraph(text, style=style)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def set_font(style: Any, chinese: str, size: float, *, latin: str = DIGITS_FONT) -> None:
    """Fonts of a style: East Asian text is only reached through ``w:eastAsia`` of ``w:rFonts`` (python-docx#154)."""
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name, family in (("ascii", latin), ("hAnsi", latin), ("eastAsia", chinese), ("cs", latin)):
        fonts.set(qn(f"w:{name}"), family)
    for colour in properties.findall(qn("w:color")):
        properties.remove(colour)


def _page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    top, bottom, left, right = MARGINS_MM
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    # The page number stands 7 mm below the type area (7.5).
    section.header_distance, section.footer_distance = Mm(15), Mm(bottom - 7 - 5)
    properties = section._sectPr
    grid = properties.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        properties.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(LINE_PT * 20)))
    made.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(footer: Any, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 — in 四号, on the outer side, one character in (7.5)."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    inset = Pt(PAGE_NUMBER_PT)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = inset
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        if text is None:
            for kind in ("begin", "instr", "separate", "shown", "end"):
                run._r.append(_field_part(kind))


def _field_part(kind: str) -> Any:
    if kind == "instr":
        part = OxmlElement("w:instrText")
        part.set(qn("xml:space"), "preserve")
        part.text = " PAGE "
    elif kind == "shown":
        part = OxmlElement("w:t")
        part.text = "1"
    else:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
    return part


def _styles(made: Any) -> None:
    styles = made.styles
    normal = styles["Normal"]
    set_font(normal, BODY_FONT, BODY_PT)
    _lines(normal, LINE_PT)
    language = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "zh-CN")):
        language.set(qn(f"w:{name}"), value)
    normal.element.get_or_add_rPr().append(language)
    for name, font, size in (("Title", TITLE_FONT, TITLE_PT), ("Subtitle", SECOND_FONT, BODY_PT)):
        style = styles[name]
        set_font(style, font, size)
        _lines(style, LINE_PT if size == BODY_PT else 33)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _no_border(style)
        _off_grid(style)
    styles["Subtitle"].paragraph_format.space_after = Pt(LINE_PT / 2)
    for name, font in HEADINGS.values():
        style = styles[name]
        set_font(style, font, BODY_PT)
        _lines(style, LINE_PT)
        _first_line(style)
        style.paragraph_format.keep_with_next = True
    _closer(_own(styles, BODY, BODY_FONT, BODY_PT, LINE_PT, indent=True))
    closing = _own(styles, CLOSING, BODY_FONT, BODY_PT, LINE_PT)
    closing.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    closing.paragraph_format.right_indent = Pt(2 * BODY_PT)
    caption = _own(styles, CAPTION, HEADING_FONT, SMALL_PT, 20)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.space_before, caption.paragraph_format.keep_with_next = Pt(8), True
    unit = _own(styles, UNIT, BODY_FONT, TABLE_PT, 16)
    unit.paragraph_format.alignment, unit.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.RIGHT, True
    note = _own(styles, NOTE, BODY_FONT, TABLE_PT, 16)
    note.paragraph_format.space_before, note.paragraph_format.space_after = Pt(3), Pt(6)
    # goes along with what follows, so that the closing never stands alone on a page
    note.paragraph_format.keep_with_next = True
    _own(styles, TABLE_TEXT, BODY_FONT, TABLE_PT, 18)
    picture = _own(styles, PICTURE, BODY_FONT, TABLE_PT, None)
    picture.paragraph_format.alignment, picture.paragraph_format.keep_with_next = (
        WD_ALIGN_PARAGRAPH.CENTER,
        True,
    )
    set_font(styles["Footer"], "宋体", PAGE_NUMBER_PT)


def _own(styles: Any, name: str, font: str, size: float, line: float | None, *, indent: bool = False) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    set_font(style, font, size)
    _lines(style, line)
    if indent:
        _first_line(style)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if line != LINE_PT:
        _off_grid(style)
    return style


def _lines(style: Any, exact: float | None) -> None:
    """Exact line height in points; None lets a picture have its own height."""
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY if exact else WD_LINE_SPACING.SINGLE
    if exact:
        form.line_spacing = Pt(exact)


def _closer(style: Any) -> None:
    """28 characters to the line."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(round(CLOSER_PT * 20)))
    style.element.get_or_add_rPr().insert_element_before(
        spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang"
    )


def _first_line(style: Any) -> None:
    """Two characters in, whatever the size."""
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), str(2 * BODY_PT * 20))


def _off_grid(style: Any) -> None:
    """Lines of another height than the body's keep it, instead of being stretched to the next line of the grid."""
    part = OxmlElement("w:snapToGrid")
    part.set(qn("w:val"), "0")
    style.element.get_or_add_pPr().insert_element_before(
        part, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr"
    )


def _no_border(style: Any) -> None:
    properties = style.element.get_or_add_pPr()
    for name in ("w:pBdr", "w:numPr"):
        for found in properties.findall(qn(name)):
            properties.remove(found)


def _font_table(made: Any) -> None:
    """Name an alternative for each face, so that a machine without it does not fall back to whatever it has."""
    part = next(part for part in made.part.package.iter_parts() if str(part.partname) == FONTS_PART)
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, other in ALTERNATIVES.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{entries}</w:fonts>".encode())
