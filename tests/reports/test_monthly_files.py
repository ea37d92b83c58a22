"""The report's DOCX and PDF, opened again: every word and number of the document, no empty slot, no lost character."""

from __future__ import annotations

import io
import json
import re

import docx
import pypdf
import pytest
from PIL import Image

from fundwatch.cli.app import run
from fundwatch.documents import Chart, as_pictures, official
from fundwatch.documents.model import from_data, numbered
from fundwatch.reports.monthly import Files, files_of
from fundwatch.reports.monthly.files import TEMPLATES, file_of
from fundwatch.reports.monthly.month import When

COUNTIES = ("demo", "taihe")
DARK = 128


@pytest.fixture(scope="session")
def made(demo_report, taihe_report) -> dict[str, tuple]:
    """County → (report, its files)."""
    return {
        "demo": (demo_report, files_of(demo_report.document)),
        "taihe": (taihe_report, files_of(taihe_report.document)),
    }


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def docx_text(content: bytes) -> str:
    word = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("county", COUNTIES)
def test_both_files_hold_every_word_of_the_document(made, county):
    report, files = made[county]
    # page numbers break the PDF's text inside a paragraph or table
    pdf = re.sub(r"—\d+—", "", squeezed(pdf_text(files.pdf)))
    word = squeezed(docx_text(files.docx))
    drawn = [block for block in report.document.blocks() if isinstance(block, Chart)]
    in_pictures = {text for chart in drawn for text in (chart.words, chart.unit, *chart.categories, "本月")}
    for text in report.document.words():
        assert squeezed(text) in pdf or text in {chart.words for chart in drawn}, text
        assert squeezed(text) in word or text in in_pictures, text


@pytest.mark.parametrize("county", COUNTIES)
def test_no_slot_is_empty(made, county):
    _, files = made[county]
    for text in (docx_text(files.docx), pdf_text(files.pdf)):
        for fault in ("None", "nan", "NaN", "{{", "}}", "{%", "⟦", "\ufffd"):
            assert fault not in text, fault
        assert "（）" not in text
        assert "，。" not in text


def test_table_cells_are_the_figures_to_the_printed_digit(made):
    report, files = made["demo"]
    printed = {}
    for table in docx.Document(io.BytesIO(files.docx)).tables:
        head, *body = [[cell.text for cell in row.cells] for row in table.rows]
        if head == ["指标", *(when.value for when in When)]:
            printed |= {(row[0], tuple(row[1:])): True for row in body}
    shown = [figure for figure in report.figures.values() if figure.id.count(".") < 2]
    assert len(shown) > 40
    for figure in shown:
        row = (f"{figure.label}（{figure.row_unit}）", tuple(figure.cell(when) for when in When))
        assert row in printed, row


def test_the_pdf_is_the_same_in_two_runs_and_the_docx_too(made):
    report, files = made["taihe"]
    assert file_of(report.document, "pdf") == files.pdf
    assert file_of(report.document, "docx") == files.docx


@pytest.mark.parametrize(("county", "pages"), [("demo", (7, 11)), ("taihe", (2, 3))])
def test_the_page_count_is_sane_and_no_page_is_blank(made, county, pages):
    report, files = made[county]
    reader = pypdf.PdfReader(io.BytesIO(files.pdf))
    assert pages[0] <= len(reader.pages) <= pages[1]
    for page in reader.pages:
        assert len(squeezed(page.extract_text())) > 20
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("CJK" in name for name in fonts), fonts
    assert reader.metadata.title == report.document.title


def test_no_character_is_lost_on_the_rendered_pages(made):
    """A missing glyph is drawn as nothing or as an empty box: every line of text must have the ink of Chinese text."""
    report, _ = made["taihe"]
    pages = as_pictures(report.document, TEMPLATES["pdf"])
    ink = sum(sum(Image.open(io.BytesIO(page)).convert("L").histogram()[:DARK]) for page in pages)
    characters = len(squeezed(pdf_text(made["taihe"][1].pdf)))
    # at 100 dpi a character of the body covers some 60 dark pixels, of a table some 25
    assert ink / characters > 25


def test_the_word_file_is_made_of_official_styles(made):
    report, files = made["demo"]
    word = docx.Document(io.BytesIO(files.docx))
    used = {paragraph.style.name for paragraph in word.paragraphs if paragraph.text}
    assert used <= {"Title", "Subtitle", "Heading 1", *(s for s in (official.BODY, official.CAPTION, official.UNIT,
                    official.NOTE, official.PICTURE, official.CLOSING))}  # fmt: skip
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert headings == [
        f"{number}{section.title}" for _, number, section in numbered(report.document.sections)
    ]
    assert headings[:6] == [
        "一、日常稽核",
        "二、基金结算审核",
        "三、自查自纠",
        "四、投诉举报应诉",
        "五、专项检查",
        "六、委托检查",
    ]
    assert len(word.inline_shapes) == sum(isinstance(block, Chart) for block in report.document.blocks()) == 3


def test_the_command_writes_both_files_and_says_what_is_in_them(taihe_home, tmp_path, capsys):
    out = tmp_path / "新目录"
    assert (
        run(
            [
                "report",
                "monthly",
                "--month",
                "2021-04",
                "--out",
                str(out),
                "--json",
                "--home",
                str(taihe_home.root),
            ]
        )
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert [path.name for path in sorted(out.iterdir())] == [
        "六项信息月报_2021-04.docx",
        "六项信息月报_2021-04.pdf",
    ]
    for one in told["files"]:
        assert len(one["sha256"]) == 64
        assert (out / one["file"].rsplit("/", 1)[1]).stat().st_size > 5_000
    assert told["month"] == "2021-04"
    assert told["deadline"]["due_date"] == "2021-05-10"
    assert {figure["values"]["本月"] for figure in told["figures"]} == {None}


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [("2021-13", 2, "YYYY-MM"), ("2031-01", 1, "还没有数据"), ("六月", 2, "YYYY-MM")],
)
def test_a_wrong_month_is_refused_in_chinese(taihe_home, tmp_path, capsys, given, status, words):
    command = ["report", "monthly", "--month", given, "--out", str(tmp_path), "--home", str(taihe_home.root)]
    assert run(command) == status
    assert words in capsys.readouterr().err


def test_a_document_kept_as_data_gives_the_same_file(made):
    from fundwatch.documents.model import as_data

    report, files = made["taihe"]
    again = from_data(json.loads(json.dumps(as_data(report.document))))
    assert isinstance(files, Files)
    assert file_of(again, "pdf") == files.pdf
