"""Exports opened again: exact amounts, codes as text, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from decimal import Decimal as D

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fundwatch.errors import UserError
from fundwatch.export.files import Column, as_csv, as_parquet, as_xlsx
from fundwatch.export.text import neutral, readable

COLUMNS = [
    Column("code", "机构编号"),
    Column("kind", "类别", "fixmedins_type"),
    Column("amount", "金额(元)"),
    Column("count", "次数(次)"),
    Column("day", "日期"),
    Column("at", "时间"),
    Column("text", "说明"),
]


@pytest.fixture
def rows() -> pa.Table:
    return pa.table(
        {
            "code": ["H00100100001", "0012", "0013"],
            "kind": ["1", "2", None],
            "amount": pa.array([D("1286.30"), D("9999999999999.99"), None], pa.decimal128(16, 2)),
            "count": [3, 1200, None],
            "day": [dt.date(2024, 6, 1), None, None],
            "at": pa.array([dt.datetime(2024, 6, 1, 8, 30), None, None], pa.timestamp("us")),
            "text": ["=1+1", "含,逗号\n换行", None],
        }
    )


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_csv_begins_with_a_mark_that_excel_reads_as_chinese(rows):
    assert as_csv(rows, COLUMNS).content.startswith(b"\xef\xbb\xbf")


def test_csv_keeps_decimals_codes_and_dates(rows):
    header, first, second, third = read_csv(as_csv(rows, COLUMNS).content)
    assert header == [column.header for column in COLUMNS]
    assert first == [
        "H00100100001",
        "定点医疗机构",
        "1286.30",
        "3",
        "2024-06-01",
        "2024-06-01 08:30:00",
        "'=1+1",
    ]
    assert second[:4] == ["0012", "定点零售药店", "9999999999999.99", "1200"]
    assert second[6] == "含,逗号\n换行"
    assert third == ["0013", *[""] * 6]


def test_xlsx_keeps_amounts_as_numbers_and_codes_as_text(rows):
    book = read_xlsx(as_xlsx(rows, COLUMNS, [("内容", "测试")]).content)
    assert book.sheetnames == ["数据", "口径"]
    sheet = book["数据"]
    header, first, second, third = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert header == [column.header for column in COLUMNS]
    assert first[0] == "H00100100001"
    assert first[4] == dt.datetime(2024, 6, 1)
    assert second[0] == "0012"
    assert [D(str(row[2])) for row in (first, second)] == [D("1286.3"), D("9999999999999.99")]
    assert sheet["C2"].number_format == "#,##0.00"
    assert third == ["0013", *[None] * 6]


def test_no_cell_of_the_workbook_is_a_formula(rows):
    book = read_xlsx(as_xlsx(rows, COLUMNS, [("=cmd", "@sum(1)")]).content)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert book["口径"]["B1"].value == "'@sum(1)"
    assert book["数据"]["G2"].value == "'=1+1"


@pytest.mark.parametrize("text", ["=1", "+86", "-x", "@x", "\tx", "\rx", "\n=1", "＝1", "＋1", "－1", "＠x"])
def test_text_that_looks_like_a_formula_gets_a_quote(text):
    assert neutral(text) == f"'{text}"


def test_ordinary_text_and_negative_amounts_stay_as_they_are():
    assert neutral("甲医院-1") == "甲医院-1"
    table = pa.table({"amount": pa.array([D("-12.30")], pa.decimal128(16, 2))})
    assert read_csv(as_csv(table, [Column("amount", "金额")]).content)[1] == ["-12.30"]


def test_number_too_long_for_a_spreadsheet_is_written_as_text():
    table = pa.table({"amount": pa.array([D("12345678901234567.89")], pa.decimal128(19, 2))})
    sheet = read_xlsx(as_xlsx(table, [Column("amount", "金额")], []).content)["数据"]
    assert sheet["A2"].value == "12345678901234567.89"


def test_row_count_and_hash_are_those_of_the_file(rows):
    made = as_csv(rows, COLUMNS)
    assert made.rows == 3
    assert made.sha256 == hashlib.sha256(made.content).hexdigest()


def test_empty_list_still_has_its_headers(rows):
    assert read_csv(as_csv(rows.slice(0, 0), COLUMNS).content) == [[column.header for column in COLUMNS]]


def test_too_many_rows_for_a_workbook_point_to_csv(rows):
    with pytest.raises(UserError, match="请改用 CSV 或 Parquet"):
        as_xlsx(rows, COLUMNS, [], limit=2)


def test_parquet_keeps_names_codes_and_decimals_and_says_what_it_is(rows):
    table = pq.read_table(io.BytesIO(as_parquet(rows, COLUMNS, [("内容", "测试")]).content))
    assert table.column_names == rows.column_names
    assert table.to_pylist() == rows.to_pylist()
    assert table.schema.field("amount").metadata == {b"label": "金额(元)".encode()}
    assert json.loads(table.schema.metadata[b"fundwatch"]) == {"内容": "测试"}


def test_pieces_make_the_same_file_as_the_whole(rows):
    """Signs are looked for in sliced pieces, where the text does not begin at the buffer's start."""
    many = pa.concat_tables([rows.slice(1), rows.slice(0, 1), rows.slice(0, 0), rows])
    whole = as_csv(many.combine_chunks(), COLUMNS)
    assert as_csv(many, COLUMNS).content == whole.content
    assert [line[6] for line in read_csv(whole.content)[1:]].count("'=1+1") == 2


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_signs_are_found_wherever_they_stand(kind):
    texts = [None, "", "甲=1", "=1", "\t2", "-", "a", "＝1", "（甲）", "\n=1"]
    for first in range(len(texts)):
        batch = pa.record_batch([pa.array(texts, kind)], names=["text"]).slice(first)
        [made] = readable(batch, [Column("text", "说明")])
        assert made.to_pylist() == [None if text is None else neutral(text) for text in texts[first:]]


def test_small_decimals_are_written_in_full():
    table = pa.table({"rate": pa.array([D("0.0000000010"), None], pa.decimal128(20, 10))})
    assert read_csv(as_csv(table, [Column("rate", "率")]).content)[1:] == [["0.0000000010"], []]


def test_flags_are_words_in_both_formats():
    table = pa.table({"flag": [True, False, None], "name": ["甲", "乙", "丙"]})
    columns = [Column("flag", "是否"), Column("name", "名称")]
    assert [line[0] for line in read_csv(as_csv(table, columns).content)[1:]] == ["是", "否", ""]
    sheet = read_xlsx(as_xlsx(table, columns, []).content)["数据"]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["是", "否", None]
