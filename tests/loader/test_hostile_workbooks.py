"""Workbooks that would take the process down, and names that would not fit or tell too much."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from desk import Desk, row
from test_privacy import everything_in

from fundwatch.draws.result_file import read_results
from fundwatch.errors import UserError
from fundwatch.loader.inbox import receive, safe_name
from fundwatch.loader.knowledge.sheets import read_tables
from fundwatch.spreadsheet import SMALL_AREA, Unreadable, check_places

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, BOOK, RELATIONS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
BROKEN = "文件不是 XLSX 工作簿,或不完整"


def good() -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    cells = row("inspection")
    book.active.append(list(cells))
    book.active.append(list(cells.values()))
    book.save(target)
    return target.getvalue()


def patched(name: str, change) -> bytes:
    """The good workbook with one part changed, or left out (None)."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            inside = change(old.read(member)) if member == name else old.read(member)
            if inside is not None:
                new.writestr(member, inside)
    return target.getvalue()


def sheet(body: str) -> bytes:
    return patched(
        SHEET, lambda _: f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'.encode()
    )


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
SCATTERED = {
    "by its place": FAR,
    "by its row, in other quotes": "<row r='1048576'>" + "<c><v>1</v></c>" * 9 + "</row>",
    "beside the other attributes": FAR.replace('<c r="XFD1048576"', '<c s="1"\n r = "XFD1048576"'),
}


@pytest.mark.parametrize("body", SCATTERED.values(), ids=SCATTERED.keys())
def test_a_far_cell_in_a_small_workbook_is_refused_before_memory_is_asked_for(desk: Desk, body: str):
    """The rectangle up to XFD1048576 is 550 GB, and Rust ends the process when it does not get them."""
    report = desk.load_one(desk.put("inspection.xlsx", sheet(body)))
    assert report.refused_because.startswith("工作表的单元格过于分散:最后一个单元格在第 1,048,576 行")
    assert read_tables(desk.folder / "inspection.xlsx") == []
    with pytest.raises(UserError, match="过于分散"):
        read_results("a.xlsx", sheet(body), None)


@pytest.mark.parametrize("place", ["A" + "9" * 5000, "A4294967297", "ZZZZ1"])
def test_a_place_beyond_the_format_is_refused(desk: Desk, place: str):
    body = f'<row r="1"><c r="A1"><v>1</v></c><c r="{place}"><v>1</v></c></row>'
    assert desk.load_one(desk.put("inspection.xlsx", sheet(body))).refused_because.startswith(BROKEN)


def test_a_long_filled_column_and_a_wide_small_sheet_are_no_scattered_cells():
    column = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 2000))
    check_places(io.BytesIO(sheet(column + '<row r="4000"><c r="SA4000"><v>1</v></c></row>')))
    with pytest.raises(Unreadable):
        check_places(io.BytesIO(sheet(column + f'<row r="{SMALL_AREA}"><c r="B1000000"><v>1</v></c></row>')))


def test_cells_merged_to_the_end_of_the_format_are_those_there_are(desk: Desk):
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:XFD1048576"/></mergeCells>'
    file = patched(SHEET, lambda xml: xml.replace(b"</sheetData>", merge))
    report = desk.load_one(desk.put("inspection.xlsx", file))
    assert (report.rows_read, report.quarantined) == (1, 1)
    assert "合并单元格" in report.reasons[0].reason


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (BOOK, lambda _: f'<workbook xmlns="{MAIN}"/>'.encode()),
        (RELATIONS, lambda _: None),
        (SHEET, lambda _: None),
        (SHEET, lambda _: b'<?xml version="1.0" encoding="x-none"?><worksheet/>'),
        (SHEET, lambda _: b"\x00\x01\x02"),
        (RELATIONS, lambda xml: xml.replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd")),
        (RELATIONS, lambda xml: xml.replace(b"worksheets/sheet1.xml", b"http://nobody.invalid/x")),
    ],
)
def test_a_workbook_with_parts_missing_or_wrong_is_refused(desk: Desk, name: str, change):
    report = desk.load_one(desk.put("inspection.xlsx", patched(name, change)))
    assert report.refused_because.startswith((BROKEN, "文件是空的"))


def test_damaged_packed_data_is_refused(desk: Desk):
    content = bytearray(good())
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        start = archive.getinfo(BOOK).header_offset + 60
    content[start : start + 40] = bytes(byte ^ 0x55 for byte in content[start : start + 40])
    report = desk.load_one(desk.put("inspection.xlsx", bytes(content)))
    assert report.refused_because.startswith(BROKEN)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../setl_d.csv", "setl_d.csv"),
        ("..", "file"),
        ("setl_d_" + "医" * 300 + ".csv", "setl_d_" + "医" * 57 + ".csv"),
        ("x" * 300, "x" * 180),
        ("setl_d_110101199003070038.csv", "setl_d__身份证号_.csv"),
        ("setl_d_张三13900001111.xlsx", "setl_d_张三_电话_.xlsx"),
        ("a." + "b" * 99, ("a." + "b" * 99)),
    ],
)
def test_names_of_uploads_fit_the_disk_and_hold_no_personal_number(desk: Desk, name: str, kept: str):
    assert safe_name(name) == kept
    folder = receive(desk.home, [(name, io.BytesIO(b"x"))])
    assert [path.name for path in folder.iterdir()] == [kept]


def test_a_personal_number_in_a_files_name_reaches_neither_log_nor_quarantine(desk: Desk):
    good_row, bad_row = row("inspection"), row("inspection", insp_id="JC2", insp_date="x")
    desk.load_rows("inspection", good_row, bad_row, name="inspection_110101199003070038.csv")
    desk.load_rows("inspection", good_row, name="inspection_13900001111.csv")
    held = everything_in(desk.home.root)
    assert "110101199003070038" not in held
    assert "13900001111" not in held
