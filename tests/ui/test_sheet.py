"""Tables set as a document: text from data is shown, never read as markup; a month line says itself in words."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from fundwatch.ui.sheet import Cell, Column, Part, Row, as_parts, html
from fundwatch.ui.spark import Spark, svg
from fundwatch.ui.table import Field

NAME = (Column("名称", "name"), Column("趋势", "spark"))


def one_row(text: str, spark: Spark | None = None) -> str:
    row = Row((Cell(text), Cell(hint="十二个月", spark=spark)), "A1", ("/kpi-list", {"kpi": ["a&b"]}))
    return html(NAME, [Part("协议检查", (row,), "工作组")])


def test_names_from_data_are_never_markup():
    drawn = one_row('<img src=x onerror="alert(1)">')
    assert "<img" not in drawn
    assert "&lt;img src=x" in drawn
    assert 'href="/kpi-list?kpi=a%26b"' in drawn


def test_a_part_names_its_rows_once_for_all_of_them():
    rows = tuple(Row((Cell(name), Cell())) for name in "甲乙")
    drawn = html(NAME, [Part("协议检查", rows)])
    assert drawn.count("协议检查") == 1
    assert 'rowspan="2"' in drawn


def test_a_missing_month_breaks_the_line_and_one_month_is_no_line():
    line = svg(Spark([Decimal(1), Decimal(2), None, Decimal(3), Decimal(4)]), "一月至五月")
    assert line.count("<polyline") == 2
    assert 'aria-label="一月至五月"' in line
    assert svg(Spark([Decimal(1), None]), "一个月") == ""


def test_a_short_list_keeps_one_unit_in_a_column_and_a_dash_for_no_value():
    rows = pa.table(
        {"name": ["甲", "乙"], "amt": pa.array([Decimal("123456.00"), None], pa.decimal128(16, 2))}
    )
    columns, parts = as_parts(rows, [Field("name", "名称"), Field("amt", "金额", "amount", "元")])
    assert [column.label for column in columns] == ["名称", "金额(万元)"]
    assert [[cell.text for cell in row.cells] for row in parts[0].rows] == [["甲", "12.35"], ["乙", "—"]]
