"""Monthly report and meeting pack made by click: the files that the browser gets are those that the commands write."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page
from pptx import Presentation

from fundwatch.cli.app import run
from tests.browser.stage import PATIENCE_MS, add_user, browser_page, served, settle, sign_in

pytestmark = pytest.mark.browser
#: home → (month of the report, day of the meeting)
COUNTIES = {
    "meeting_home": ("2026-08", "2026-11-05"),
    "taihe_meeting_home": ("2021-04", "2021-06-20"),
}


@pytest.mark.parametrize("county", COUNTIES)
def test_what_a_click_gives_is_what_the_command_writes(county, request, tmp_path, capsys):
    home, (month, day) = request.getfixturevalue(county), COUNTIES[county]
    where = ("--home", str(home.root), "--json")
    report = _command(
        ["report", "monthly", "--month", month, "--out", str(tmp_path / "report"), *where], capsys
    )
    pack = _command(["report", "meeting", "--date", day, "--out", str(tmp_path / "pack"), *where], capsys)
    password = add_user(home.root, "papers", "分析员")
    with served(home.root) as address, browser_page() as page:
        page.goto(f"{address}/monthly-report?month={month}")
        page.get_by_label("账号").wait_for()
        sign_in(page, "papers", password)
        page.get_by_role("heading", name="月报与导出", exact=True).wait_for()
        _open_export(page)
        for label, ending in (("下载 Word", "docx"), ("下载 PDF", "pdf")):
            name, content = _clicked(page, label)
            assert name == f"六项信息月报_{month}.{ending}"
            assert hashlib.sha256(content).hexdigest() == report[ending]
        page.get_by_role("link", name="领导小组会议").click()
        page.get_by_role("heading", name="领导小组会议", exact=True).wait_for()
        _open_export(page)
        name, content = _clicked(page, "全套材料")
    assert name == f"领导小组会议_{day.replace('-', '')}.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {Path(part).suffix[1:]: archive.read(part) for part in archive.namelist()}
    written = {path.suffix[1:]: path.read_bytes() for path in (tmp_path / "pack").iterdir()}
    assert set(parts) == set(written) == {"pptx", "docx", "pdf", "xlsx"} == set(pack)
    assert parts["pdf"] == written["pdf"]
    assert parts["docx"] == written["docx"]
    assert _slides(parts["pptx"]) == _slides(written["pptx"])
    assert _cells(parts["xlsx"]) == _cells(written["xlsx"])


def _command(words: list[str], capsys) -> dict[str, str]:
    """Ending → hash of the files that the command says it wrote."""
    capsys.readouterr()
    assert run(words) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    return {Path(file["file"]).suffix[1:]: file["sha256"] for file in files}


def _open_export(page: Page) -> None:
    button = page.get_by_role("button", name="导出").first
    button.wait_for()
    settle(page)
    button.click()


def _clicked(page: Page, label: str) -> tuple[str, bytes]:
    button = page.get_by_role("button", name=label).first
    # both files are made before the buttons are shown
    button.wait_for(timeout=3 * PATIENCE_MS)
    with page.expect_download() as taken:
        button.click()
    return taken.value.suggested_filename, Path(taken.value.path()).read_bytes()


def _slides(content: bytes) -> list[str]:
    """Texts, table cells and chart values, slide by slide."""
    found = []
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
            if shape.has_chart:
                found += [repr(list(series.values)) for series in shape.chart.plots[0].series]
    assert found
    return found


def _cells(content: bytes) -> dict[str, list[tuple]]:
    """Sheet → its rows, without the line that says who made the file and when."""
    book = load_workbook(io.BytesIO(content), read_only=True)
    try:
        return {
            sheet.title: [row for row in sheet.iter_rows(values_only=True) if not _says_when(row)]
            for sheet in book
        }
    finally:
        book.close()


def _says_when(row: tuple) -> bool:
    return any(isinstance(cell, str) and cell.startswith(("制作", "导出时间", "导出人")) for cell in row)
