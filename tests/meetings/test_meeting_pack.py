"""The pack opened again: every number is the frozen engine's to the printed digit; no empty slot, no missing glyph, same bytes."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from decimal import Decimal

import docx
import pytest
from held_meeting import ANALYST, LEADER, first, say_everything
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pptx.oxml.ns import qn
from pypdf import PdfReader

from fundwatch import numbers
from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.alerts import State, current
from fundwatch.cli.app import run
from fundwatch.documents import as_pictures
from fundwatch.kpi import declarations, evaluate
from fundwatch.meetings.brief import brief_of, close
from fundwatch.meetings.decisions import NewDecision, decide
from fundwatch.meetings.findings import ROWS, findings
from fundwatch.meetings.pack import KINDS, TEMPLATES, make_pack, zipped
from fundwatch.meetings.paper import document_of, official
from fundwatch.meetings.slide_text import CHINESE
from fundwatch.meetings.tables_shown import NOT_YET, shown_lines
from fundwatch.settings import Settings
from fundwatch.state.audit import listing
from fundwatch.state.db import engine
from fundwatch.ui.targets import decimals_told
from fundwatch.warehouse import open_warehouse

HOMES = ("meeting_home", "taihe_meeting_home")


@pytest.fixture(scope="module")
def packs(meeting_home, taihe_meeting_home):
    """Home → (brief, kind → bytes)."""
    made = {}
    for name, home in zip(HOMES, (meeting_home, taihe_meeting_home), strict=True):
        brief = brief_of(home, first(home))
        made[name] = (home, brief, {file.kind: file.content for file in make_pack(home, brief, ANALYST)})
    return made


def engine_values(home, brief):
    """(kpi, insutype) → the engine's value in the frozen version, and how it is printed."""
    meeting = brief.meeting
    with open_warehouse(home, meeting.version) as warehouse:
        found = evaluate(
            warehouse,
            Settings(home).as_of(meeting.settings_version),
            None,
            meeting.period_start,
            meeting.period_end,
        )
    known = declarations()
    return {
        (value.kpi, value.key if value.by else None): (
            value,
            str(
                numbers.shown(
                    value.value,
                    known[value.kpi].unit,
                    min(known[value.kpi].decimals, decimals_told(known[value.kpi], value)),
                )
            ),
        )
        for value in found
    }


def docx_tables(content: bytes) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in docx.Document(io.BytesIO(content)).tables
    ]


def slide_words(content: bytes) -> list[str]:
    """The text of each slide, tables and chart titles too."""
    found = []
    for slide in Presentation(io.BytesIO(content)).slides:
        parts = []
        for shape in slide.shapes:
            if shape.has_text_frame:
                parts.append(shape.text_frame.text)
            if shape.has_table:
                parts += [cell.text for row in shape.table.rows for cell in row.cells]
            if shape.has_chart:
                parts.append(shape.chart.chart_title.text_frame.text)
        found.append("\n".join(parts))
    return found


def pdf_text(content: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


@pytest.mark.parametrize("name", HOMES)
def test_every_number_in_the_tables_is_the_engine_s_as_printed(packs, name):
    home, brief, files = packs[name]
    printed = {line.name: words for line in brief.facts.lines if (words := _printed(home, brief, line))}
    seen = 0
    for table in docx_tables(files["docx"]):
        if table[0][:2] == ["指标", "本期"]:
            for row in table[1:]:
                assert row[1] == printed[row[0]], row
                seen += 1
    assert seen == sum(len(shown_lines(part)) for part in brief.parts) > 0
    slides = slide_words(files["pptx"])
    pdf = pdf_text(files["pdf"])
    for line in brief.facts.red:
        assert any(f"{line.name} {printed[line.name]}" in words for words in slides)
        assert re.sub(r"\s+", "", official(f"{line.name}{printed[line.name]}")) in pdf


CACHE: dict[str, dict] = {}


def _printed(home, brief, line):
    key = str(home.root)
    if key not in CACHE:
        CACHE[key] = engine_values(home, brief)
    found = CACHE[key].get((line.kpi, line.insutype))
    return found[1] if found else None


@pytest.mark.parametrize("name", HOMES)
def test_the_workbook_holds_the_exact_values(packs, name):
    home, brief, files = packs[name]
    book = load_workbook(io.BytesIO(files["xlsx"]))
    rows = list(book["指标"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(brief.facts.lines)
    for row, line in zip(rows, brief.facts.lines, strict=True):
        _printed(home, brief, line)
        found = CACHE[str(home.root)].get((line.kpi, line.insutype))
        if line.number is None:
            assert row[4] is None
            assert row[8]
        else:
            assert found is not None
            assert Decimal(repr(row[4])) == pytest.approx(found[0].value, rel=Decimal("1e-14"))
            assert Decimal(repr(row[5])) == pytest.approx(found[0].numerator, rel=Decimal("1e-14"))
    assert {row[0] for row in book["口径"].iter_rows(min_row=2, values_only=True)} == {
        kpi.label for kpi in declarations().values()
    }
    assert not any(
        cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
    )


def test_charts_are_native_and_hold_the_frozen_months(packs):
    _, brief, files = packs["meeting_home"]
    charts = {
        shape.name: shape.chart
        for slide in Presentation(io.BytesIO(files["pptx"])).slides
        for shape in slide.shapes
        if shape.has_chart
    }
    assert len(charts) > 10
    for line in brief.facts.red:
        chart = charts.get(f"{line.name}(按月)")
        if chart is None:
            continue
        held = next(iter(chart.plots[0].series)).values
        assert [None if value is None else Decimal(repr(value)) for value in held] == [
            None if value is None else Decimal(repr(float(value))) for value in line.values
        ]
        # the data that a clerk edits
        book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        assert [row[0] for row in book.active.iter_rows(min_row=2, min_col=2, values_only=True)] == list(held)
    cases = charts["金额最大的案件"]
    amounts = [float(case.found) / 10_000 for case in reversed(brief.facts.cases)]
    assert list(next(iter(cases.plots[0].series)).values) == pytest.approx(amounts)


def test_months_on_charts_are_the_engine_s(packs):
    home, brief, _ = packs["meeting_home"]
    meeting = brief.meeting
    with open_warehouse(home, meeting.version) as warehouse:
        found = evaluate(
            warehouse,
            Settings(home),
            ["first_review_rate"],
            dt.date(2026, 1, 1),
            meeting.period_end,
            by="month",
        )
    by_month = {value.key: value.value for value in found}
    line = brief.facts.line("first_review_rate")
    own = dict(zip(line.months, line.values, strict=True))
    assert {month: own[month] for month in by_month} == by_month
    assert len(by_month) == 10


def test_east_asian_fonts_stand_in_theme_and_runs(packs):
    content = packs["meeting_home"][2]["pptx"]
    made = Presentation(io.BytesIO(content))
    theme = next(
        rel.target_part for rel in made.slide_master.part.rels.values() if rel.reltype.endswith("/theme")
    )
    assert theme.blob.decode().count(f'<a:ea typeface="{CHINESE}"') == 2
    for slide in made.slides:
        assert slide.shapes.title.text_frame.text
        for words in slide._element.iter(qn("a:r")):
            assert words.find(qn("a:rPr")).find(qn("a:ea")).get("typeface") == CHINESE


@pytest.mark.parametrize("name", HOMES)
def test_nothing_is_empty_and_sizes_are_sane(packs, name):
    _, brief, files = packs[name]
    assert set(files) == set(KINDS)
    slides = slide_words(files["pptx"])
    assert len(slides) == len(findings(brief))
    assert 10 <= len(slides) <= 60
    for words in (*slides, "\n".join(p.text for p in docx.Document(io.BytesIO(files["docx"])).paragraphs)):
        assert "{{" not in words
        assert "None" not in words
    for table in docx_tables(files["docx"]):
        assert all(cell.strip() for row in table[:-1] for cell in row)
    assert 4 <= len(PdfReader(io.BytesIO(files["pdf"])).pages) <= 30
    made = Presentation(io.BytesIO(files["pptx"]))
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= made.slide_width
            assert shape.top + shape.height <= made.slide_height
            if shape.has_table:
                assert len(shape.table.rows) <= ROWS + 1


def test_what_is_not_loaded_says_so(packs):
    files = packs["taihe_meeting_home"][2]
    pdf = pdf_text(files["pdf"])
    assert "未载入数据：“任务台账”表从未载入" in pdf
    assert "没有数值，所需数据尚未载入" in pdf
    assert "674.39万元/759.41万元" in pdf
    assert any("4,490.66 万元" in words for words in slide_words(files["pptx"]))
    assert NOT_YET in pdf


def test_punctuation_of_running_text_is_official_and_figures_keep_theirs():
    assert (
        official("甲(乙):1,690 中 1,685,差 0.3;10:05,3 项") == "甲（乙）：1,690 中 1,685，差 0.3；10:05，3 项"
    )
    assert official("2021-06-04,1 项") == "2021-06-04，1 项"


def test_no_glyph_is_missing(packs):
    """Each page of the PDF as a picture: dark pixels where text is, and no box of a missing glyph in the text layer."""
    _, brief, files = packs["taihe_meeting_home"]
    reader = PdfReader(io.BytesIO(files["pdf"]))
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("CJK" in name or "Han" in name for name in fonts), fonts
    assert "\ufffd" not in pdf_text(files["pdf"])
    pictures = as_pictures(document_of(brief), TEMPLATES / "meeting.typ")
    assert len(pictures) == len(reader.pages)
    for content in pictures:
        grey = Image.open(io.BytesIO(content)).convert("L")
        dark = sum(grey.histogram()[:128]) / (grey.width * grey.height)
        assert 0.0005 < dark < 0.2


def test_the_same_meeting_gives_the_same_pdf_and_each_file_is_on_record(packs):
    home, brief, files = packs["taihe_meeting_home"]
    again = make_pack(home, brief_of(home, first(home)), LEADER)
    assert {file.kind: file.content for file in again}["pdf"] == files["pdf"]
    assert {file.kind: file.content for file in again}["docx"] == files["docx"]
    events = [event for event in listing(engine(home), 8, "导出") if event.user == LEADER.user]
    assert [event.detail["sha256"] for event in reversed(events)] == [file.sha256 for file in again]
    assert all(event.detail["version"] == brief.meeting.version for event in events)
    assert len(zipped(again)) > 100_000


def test_a_closed_meeting_s_pack_has_its_comments_and_decisions_and_is_no_draft(held):
    meeting = first(held)
    say_everything(held, meeting)
    decide(
        held,
        meeting,
        NewDecision("办公室", "下次会议前完成核对", "办公室主任", dt.date(2026, 12, 5)),
        ANALYST,
    )
    close(held, brief_of(held, meeting), LEADER)
    brief = brief_of(held, first(held))
    files = {file.kind: file.content for file in make_pack(held, brief, LEADER)}
    pdf, slides = pdf_text(files["pdf"]), "\n".join(slide_words(files["pptx"]))
    for words in (pdf, slides):
        assert "讨论稿" not in words
        assert NOT_YET not in words
        assert "下次会议前完成核对" in words
        for number in range(1, len(brief.facts.red) + 1):
            assert f"原因{number}" in words
    book = load_workbook(io.BytesIO(files["xlsx"]))
    assert book["未达标说明"].max_row == len(brief.facts.red) + 1
    assert book["会议决定"]["D2"].value == "下次会议前完成核对"


def test_packs_hold_no_personal_columns(packs):
    home, brief, files = packs["meeting_home"]
    with open_warehouse(home, brief.meeting.version) as warehouse:
        ids = {
            str(value)
            for row in warehouse.query(
                "select psn_no, setl_id, mdtrt_id from stg_setl_d order by setl_id limit 400"
            ).to_pylist()
            for value in row.values()
        }
    words = " ".join(slide_words(files["pptx"])) + pdf_text(files["pdf"])
    book = load_workbook(io.BytesIO(files["xlsx"]))
    cells = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert not any(one in words or one in cells for one in ids)
    assert not PERSONAL_COLUMNS & cells


def test_the_command_makes_the_meeting_once_and_writes_the_pack(taihe_meeting_home, tmp_path, capsys):
    arguments = [
        "report", "meeting", "--date", "2021-06-20", "--out", str(tmp_path / "out"), "--json", "--home",
        str(taihe_meeting_home.root),
    ]  # fmt: skip
    assert run(arguments) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["meeting_id"] == first(taihe_meeting_home).meeting_id
    assert found["differs"] == []
    assert [red["id"] for red in found["red"]] == ["recovery_rate"]
    assert found["missing"] == ["recovery_rate"]
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".docx", ".pdf", ".pptx", ".xlsx"]
    assert "讨论稿:还有 1 项未达标指标没有说明:违规金额追回率" in said.err
    assert "streamlit" not in said.err.lower()
    assert run(["report", "meeting", "--date", "2021-6", "--out", str(tmp_path)]) == 2


@pytest.mark.parametrize("name", HOMES)
def test_the_alerts_of_the_day_stand_in_every_file_of_the_pack(packs, name):
    home, brief, files = packs[name]
    with open_warehouse(home, brief.meeting.version) as warehouse:
        wanted = [one for one in current(home, warehouse, Settings(home)) if one.state is not State.ENDED]
    assert [(one.name, one.state, one.since, one.reason) for one in brief.facts.alerts] == [
        (one.name, one.state.value, one.since, one.reason) for one in wanted
    ]
    assert bool(wanted) is (name == "meeting_home")
    sheet = load_workbook(io.BytesIO(files["xlsx"]))["指标预警"]
    reasons = [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)]
    slides, tables = "\n".join(slide_words(files["pptx"])), docx_tables(files["docx"])
    told = [row[4] for table in tables if table[0][:2] == ["类型", "指标或机构"] for row in table[1:]]
    assert told == [one.reason for one in wanted]
    for one in wanted:
        assert one.reason in reasons
        assert one.reason in slides
