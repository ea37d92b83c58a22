"""Lists: search, units, hidden columns, pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pyarrow as pa
import pytest

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.kpi import declarations
from fundwatch.ui import table
from fundwatch.ui.table import Field, column_width, text_width

FIELDS = [
    Field("fixmedins_name", "机构名称"),
    Field("fixmedins_type", "类别", "code", codes="fixmedins_type"),
    Field("amt_due", "应追回金额", "amount", "元"),
    Field("decided_date", "决定日期", "date"),
    Field("psn_no", "参保人", "code"),
]


@pytest.fixture
def rows() -> pa.Table:
    return pa.table(
        {
            "fixmedins_name": ["甲医院", "乙药店", None],
            "fixmedins_type": ["1", "2", "9"],
            "amt_due": pa.array([D("12345.67"), D("5.00"), None], pa.decimal128(16, 2)),
            "decided_date": [dt.date(2024, 6, 1), None, None],
            "psn_no": ["p1", "p2", "p3"],
        }
    )


def test_search_finds_text_in_any_case_and_codes_by_their_word(rows):
    assert table.searched(rows, FIELDS, "甲").num_rows == 1
    assert table.searched(rows, FIELDS, "P2").num_rows == 1
    assert table.searched(rows, FIELDS, "零售药店").column("fixmedins_name").to_pylist() == ["乙药店"]
    assert table.searched(rows, FIELDS, "  ").num_rows == 3
    assert table.searched(rows, FIELDS, "没有").num_rows == 0


def test_search_reads_signs_of_patterns_literally(rows):
    assert table.searched(rows, FIELDS, ".*").num_rows == 0
    assert table.searched(rows, FIELDS, "%").num_rows == 0


def test_amounts_are_shown_in_one_unit_named_in_the_header(rows):
    units = {"amt_due": table.money_unit(rows, FIELDS[2])}
    shown = table.displayed(rows, FIELDS, units)
    assert shown.column_names[2] == "应追回金额(万元)"
    assert shown.column(2).to_pylist() == [D("1.23"), D("0.00"), None]
    in_yuan = table.displayed(rows, FIELDS, {"amt_due": "元"})
    assert in_yuan.column("应追回金额(元)").to_pylist() == [D("12345.67"), D("5.00"), None]


def test_codes_are_shown_as_words_and_unknown_ones_as_they_are(rows):
    assert table.displayed(rows, FIELDS, {}).column("类别").to_pylist() == [
        "定点医疗机构",
        "定点零售药店",
        "9",
    ]


def test_hidden_and_missing_columns_are_left_out(rows):
    fields = [*FIELDS, Field("not_there", "无此列")]
    assert [f.name for f in table.visible(fields, rows, PERSONAL_COLUMNS)] == [f.name for f in FIELDS[:4]]


def test_list_of_a_kpi_has_its_declared_columns_and_both_sides():
    fields = table.kpi_fields(declarations()["recovery_rate"])
    assert [field.name for field in fields][-2:] == ["numerator", "denominator"]
    assert all(field.label for field in fields)


def test_fields_of_a_contract_carry_its_labels_and_units():
    (due,) = table.contract_fields("handling", ["amt_due"])
    assert (due.kind, due.unit) == ("amount", "元")


@pytest.mark.parametrize(
    ("found", "total", "words"),
    [(5, 5, "共 5 行"), (1234, 1234, "共 1,234 行,每页 200 行"), (3, 500, "找到 3 行(共 500 行)")],
)
def test_rows_are_counted_in_words(found, total, words):
    assert table.counted_words(found, total) == words


def test_a_column_is_wide_enough_for_what_stands_far_down_and_for_a_date_among_dashes():
    level = pa.chunked_array([["一级"] * 12 + ["未定级"]])
    assert column_width("级", level) == text_width("未定级")
    assert column_width("机构级别", level) is None  # the header is wider
    assert column_width("级", pa.chunked_array([["未定级"] * 3])) is None  # the grid sees it itself
    assert column_width("办结日期", pa.chunked_array([[None] * 3], pa.date32()), "date") >= 10 * 8
    assert column_width("件数", pa.chunked_array([[1, 2]])) is None
