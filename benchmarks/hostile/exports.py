"""Texts in files that leave the bureau, read back: XLSX, CSV, workbooks of screens, DOCX, PDF.

No cell is a formula or a link, and none begins with a sign that a spreadsheet program takes for one (also full-width, also after a tab or
line end); besides that the text is the text. No template or markup of a text runs in a document.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import zipfile

import docx
import openpyxl
import pyarrow as pa
import pypdf
from hypothesis import strategies as st

from benchmarks.hostile.tally import Family, generated, timed
from benchmarks.hostile.words import FORMULAS, VALUES, mixed
from fundwatch.documents.model import Column as DocumentColumn
from fundwatch.documents.model import Document, Paragraph, Section, Table
from fundwatch.documents.pdf import as_pdf
from fundwatch.documents.word import as_docx
from fundwatch.export.files import Column, as_csv, as_xlsx
from fundwatch.home import PROJECT
from fundwatch.screens.fields import Field
from fundwatch.workbooks.parts import Part
from fundwatch.workbooks.write import Cover, workbook

#: first characters that programs take for the beginning of a formula, in one language or another
SIGNS = tuple("=+-@\t\r\n＝＋－＠")
COLUMNS = [Column("a", "说明"), Column("b", "=名称")]
ROWS = 20
MADE_AT = dt.datetime(2026, 11, 1, 8, 0)
#: what a spreadsheet file holds in one cell
CELL_LENGTH = 32_767
cell = st.one_of(st.sampled_from(VALUES), st.sampled_from(FORMULAS), st.text(max_size=60))
table = st.lists(st.tuples(cell, cell), min_size=ROWS, max_size=ROWS)
#: four of them hold what cannot stand in a document at all
DOCUMENT_TEXTS = 40


def run(cases: int, seed: int) -> Family:
    """Cells; a document's texts count as one case each."""
    family, chance = Family("exports"), random.Random(seed)
    each = max(cases // (ROWS * 4), 1)
    for way, check in (("csv", _csv), ("xlsx", _xlsx), ("workbooks", _workbook)):
        generated(family, way, table, each, seed, check)
        family.ended(way, family.ways.get(way, 0) * (ROWS * 2 - 1))
    with timed(family):
        for _ in range(max(cases // (DOCUMENT_TEXTS * 8), 1)):
            texts = [mixed(chance) for _ in range(DOCUMENT_TEXTS)]
            for way, check in (("docx", _docx), ("pdf", _pdf)):
                try:
                    check(texts)
                except Exception as error:  # whatever came out is what was looked for
                    family.fail(f"{way}: {type(error).__name__}: {error}")
                family.ended(way, len(texts))
    return family


def _as_table(rows: list[tuple[str, str]]) -> pa.Table:
    return pa.table(
        {"a": pa.array([a for a, _ in rows], pa.string()), "b": pa.array([b for _, b in rows], pa.string())}
    )


def _neutral(text: str | None, original: str) -> None:
    """The cell begins with nothing that runs, and is the text, a quote before it where it would."""
    found = text or ""
    assert not found.startswith(SIGNS), repr(found)
    if len(original) < CELL_LENGTH - 1:
        assert found in (original, f"'{original}"), (found, original)


def _csv(rows: list[tuple[str, str]]) -> None:
    read = list(
        csv.reader(io.StringIO(as_csv(_as_table(rows), COLUMNS).content.decode("utf-8-sig"), newline=""))
    )
    assert len(read) == len(rows) + 1
    for cells, originals in zip(read[1:], rows, strict=True):
        for text, original in zip(cells, originals, strict=True):
            _neutral(text, original)


def _xlsx(rows: list[tuple[str, str]]) -> None:
    content = as_xlsx(_as_table(rows), COLUMNS, [("=内容", "@测试")]).content
    _no_formula(content)
    _same_rows(content, rows, "数据", 1)


def _workbook(rows: list[tuple[str, str]]) -> None:
    fields = [Field("a", "说明", "text"), Field("b", "名称", "text")]
    cover = Cover(rows[0][0][:60], rows[0][1][:60], [("内容", rows[1][0])], rows[1][1], MADE_AT)
    content = workbook(cover, [Part(rows[2][0], _as_table(rows), fields, note=rows[2][1])])
    _no_formula(content)


def _no_formula(content: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        for row in sheet.iter_rows():
            for found in row:
                assert found.data_type != "f", found.value
                assert not isinstance(found.value, str) or not found.value.startswith(SIGNS), found.value
                # a contents sheet links to the sheets of its own file
                assert found.hyperlink is None or not found.hyperlink.target, found.value
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert not any("externalLink" in name or "vba" in name.lower() for name in names)
        for name in names:
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name), name


def _same_rows(content: bytes, rows: list[tuple[str, str]], name: str, first: int) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(content))[name]
    read = list(sheet.iter_rows(min_row=first + 1, max_col=2, max_row=first + len(rows), values_only=True))
    for cells, originals in zip(read, rows, strict=True):
        for text, _ in zip(cells, originals, strict=True):
            found = str(text or "")
            assert not found.startswith(SIGNS), repr(found)


def _document(texts: list[str]) -> Document:
    half = len(texts) // 2
    rows = tuple((texts[place], texts[place + 1]) for place in range(half, len(texts) - 1, 2))
    columns = (DocumentColumn("甲"), DocumentColumn("乙"))
    return Document(
        title=texts[0][:40],
        subtitle="测试",
        lead=tuple(Paragraph(text) for text in texts[1:half]),
        sections=(Section(texts[1][:40], (Table("表1", columns, rows, note=texts[2]),)),),
        made_at=MADE_AT.replace(tzinfo=dt.UTC),
        author="虚构县医疗保障局",
        slots={"落款单位": texts[3][:40], "落款日期": "2026年11月1日"},
    )


def _docx(texts: list[str]) -> None:
    content = as_docx(_document(texts), PROJECT / "reports" / "monthly" / "monthly.docx")
    made = docx.Document(io.BytesIO(content))
    held = "\n".join(paragraph.text for paragraph in made.paragraphs)
    if "{{ 1 + 1 }}" in texts[1 : len(texts) // 2]:
        assert "{{ 1 + 1 }}" in held, "a template of a text ran"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            inside = archive.read(name)
            assert b"nobody.invalid" not in inside or not name.endswith(".rels"), f"{name} links outside"


def _pdf(texts: list[str]) -> None:
    content = as_pdf(_document(texts), PROJECT / "reports" / "monthly" / "monthly.typ")
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert reader.pages
    for page in reader.pages:
        for note in page.get("/Annots") or ():
            action = note.get_object().get("/A", {})
            assert "/URI" not in action, "a text became a link"
            assert "/JS" not in action, "a text became a script"
