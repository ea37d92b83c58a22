"""A document as DOCX: the office's template with its styles, headings numbered, tables that a clerk can edit."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate

from fundwatch.documents import official
from fundwatch.documents.charts import as_png
from fundwatch.documents.fonts import Fonts, find_fonts
from fundwatch.documents.model import Block, Chart, Document, Paragraph, Table, numbered, printable
from fundwatch.errors import UserError

#: where the body goes: the paragraph of the template that holds only {{ 正文 }}
MARK = "⟦正文⟧"
TEXT_MM = official.PAGE_MM[0] - official.MARGINS_MM[2] - official.MARGINS_MM[3]
PICTURE_MM = 146
#: what the file format allows in a property
PROPERTY_LENGTH = 255
#: every part of the file has this time, so that the same document gives the same bytes
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def as_docx(document: Document, template: Path, fonts: Fonts | None = None) -> bytes:
    """The document in the template's styles.

    Raises UserError when the template is missing, lacks {{ 正文 }} or a style, or names a slot that the document does not fill.
    """
    fonts = fonts or find_fonts()
    made = _opened(document, template)
    mark = next((p for p in made.paragraphs if p.text.strip() == MARK), None)
    if mark is None:
        raise UserError(f"模板 {template.name} 缺少单独一段的 {{{{ 正文 }}}},无法放入内容。")
    writer = _Writer(made, mark, template.name, fonts)
    for block in document.lead:
        writer.block(block)
    for level, number, section in numbered(document.sections):
        writer.paragraph(f"{number}{section.title}", official.HEADINGS[level][0])
        for block in section.blocks:
            writer.block(block)
    mark._p.getparent().remove(mark._p)
    _properties(made, document)
    target = io.BytesIO()
    made.save(target)
    return _same_bytes(target.getvalue())


def _opened(document: Document, template: Path) -> Any:
    """The template with its slots filled."""
    if not template.is_file():
        raise UserError(f"没有找到文档模板 {template.name}。请从安装包恢复 reports 目录。")
    filled = DocxTemplate(template)
    words = {**document.slots, "标题": document.title, "副题": document.subtitle, "正文": MARK}
    words = {name: printable(text) for name, text in words.items()}
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
    try:
        filled.render(words, jinja_env=environment, autoescape=True)
    except jinja2.UndefinedError as error:
        raise UserError(f"模板 {template.name} 里有本报告没有的填充项:{error.message}。") from error
    except jinja2.TemplateSyntaxError as error:
        raise UserError(f"模板 {template.name} 的填充项写法有误:{error.message}。") from error
    return filled.docx


class _Writer:
    """Puts blocks before the mark."""

    def __init__(self, made: Any, mark: Any, template: str, fonts: Fonts) -> None:
        self.made, self.mark, self.template, self.fonts = made, mark, template, fonts
        self.pictures = 0

    def paragraph(self, text: str, style: str) -> Any:
        added = self.mark.insert_paragraph_before(printable(text))
        try:
            added.style = self.made.styles[style]
        except KeyError as error:
            raise UserError(f"模板 {self.template} 缺少样式“{style}”。请恢复该样式或换用原模板。") from error
        return added

    def block(self, block: Block) -> None:
        match block:
            case Paragraph():
                added = self.paragraph(block.text, official.NOTE if block.small else official.BODY)
                # a remark goes along with what follows, so that the closing never stands alone on a page
                added.paragraph_format.keep_with_next = block.small or None
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)

    def _table(self, table: Table) -> None:
        self.paragraph(table.title, official.CAPTION)
        if table.unit:
            self.paragraph(table.unit, official.UNIT)
        made = self.made.add_table(rows=1 + len(table.rows), cols=len(table.columns))
        self.mark._p.addprevious(made._tbl)
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        _borders(made)
        _widths(made, table)
        for position, column in enumerate(table.columns):
            self._cell(made.rows[0].cells[position], column.header, WD_ALIGN_PARAGRAPH.CENTER, strong=True)
        _repeat(made.rows[0])
        for number, row in enumerate(table.rows):
            strong = number >= len(table.rows) - table.total_rows
            cells = made.rows[number + 1].cells
            _whole(made.rows[number + 1])
            for position, (text, column) in enumerate(zip(row, table.columns, strict=True)):
                side = WD_ALIGN_PARAGRAPH.RIGHT if column.is_number else WD_ALIGN_PARAGRAPH.LEFT
                self._cell(cells[position], text, side, strong=strong)
        if table.is_short:
            _together(made.rows[:-1])
        if table.note:
            _together(made.rows[-1:])
        self.paragraph(table.note, official.NOTE)

    def _cell(self, cell: Any, text: str, side: WD_ALIGN_PARAGRAPH, *, strong: bool) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.style = self.made.styles[official.TABLE_TEXT]
        paragraph.alignment = side
        run = paragraph.add_run(printable(text))
        if strong:
            # 黑体 rather than bold: a bold 仿宋 is a smeared one.
            fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
            fonts.set(qn("w:eastAsia"), official.HEADING_FONT)

    def _chart(self, chart: Chart) -> None:
        self.pictures += 1
        holder = self.paragraph("", official.PICTURE)
        shape = holder.add_run().add_picture(io.BytesIO(as_png(chart, self.fonts)), width=Mm(PICTURE_MM))
        properties = shape._inline.docPr
        properties.set("name", f"图{self.pictures}")
        properties.set("descr", f"{chart.title}。{chart.words}")
        self.paragraph(chart.title, official.CAPTION).paragraph_format.keep_with_next = False
        if chart.note:
            self.paragraph(chart.note, official.NOTE)


def _widths(made: Any, table: Table) -> None:
    whole = sum(column.weight for column in table.columns)
    for position, column in enumerate(table.columns):
        width = Mm(TEXT_MM * column.weight / whole)
        made.columns[position].width = width
        for cell in made.columns[position].cells:
            cell.width = width


def _borders(made: Any) -> None:
    """Thin lines all round; the grid is the table's own, so that it stays when the clerk adds a row."""
    properties = made._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        # 1 mm instead of Word's 1.9: figures need the room
        for name, value in (("w", "57"), ("type", "dxa")):
            margin.set(qn(f"w:{name}"), value)
        margins.append(margin)
    properties.append(margins)


def _repeat(row: Any) -> None:
    """The header stands again on the next page."""
    mark = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(mark)
    _whole(row)


def _together(rows: Sequence[Any]) -> None:
    """Rows that stay on the page of what follows them: the next row, or the table's note."""
    for row in rows:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _whole(row: Any) -> None:
    """A row is not torn apart by a page break."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _properties(made: Any, document: Document) -> None:
    core = made.core_properties
    title, author, subject = (
        printable(text)[:PROPERTY_LENGTH] for text in (document.title, document.author, document.subtitle)
    )
    core.title, core.author, core.last_modified_by = title, author, author
    core.subject, core.comments, core.language = subject, "", "zh-CN"
    core.created = core.modified = document.made_at
    core.revision = 1


def _same_bytes(content: bytes) -> bytes:
    """The same package with a fixed time for every part."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            part = zipfile.ZipInfo(name, ZIP_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(part, source.read(name))
    return target.getvalue()
