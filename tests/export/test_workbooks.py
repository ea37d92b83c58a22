"""Every screen's workbook opened again: numbers, charts, print set-up, definitions, nothing that runs, nothing hidden."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from decimal import ROUND_HALF_UP
from decimal import Decimal as D

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.utils import range_boundaries

from fundwatch.access import PAGES, PERSONAL_COLUMNS, Role, entry_at
from fundwatch.errors import UserError
from fundwatch.kpi import declarations, evaluate
from fundwatch.screens.fields import Field
from fundwatch.screens.overview import insutype_of, insutype_words
from fundwatch.workbooks.make import Carrier, make
from fundwatch.workbooks.meaning import SHEET
from fundwatch.workbooks.parts import Chart, Part
from fundwatch.workbooks.screens import book_of
from fundwatch.workbooks.write import CONTENTS, HEADER, Cover, workbook

SCREENS = [entry.url_path for entry in PAGES if book_of(entry.url_path)]
#: decision 240 says why
WITHOUT = {"case", "cross-tab", "definitions", "leading-group", "monthly-report", "settings", "sql", "users"}
HOSPITAL = "H99900100004"
CHOICES = {"kpi-list": {"kpi": ["reminder_compliance"]}, "institution": {"code": [HOSPITAL]}}
COVER = Cover("测试", "期间:2026年", [("内容", "测试")], "测试 & 页脚", dt.datetime(2026, 11, 1))
MONEY_UNITS = {"万元": D(10_000)}


@pytest.fixture(scope="module")
def persons(demo_warehouse) -> set[str]:
    """Every pseudonym, settlement and document of the demo county."""
    rows = [
        row
        for name in ("setl_d", "doc_d")
        for row in demo_warehouse.query(f"select * from stg_{name}").to_pylist()
    ]
    return {row[column] for row in rows for column in ("psn_no", "setl_id", "doc_id") if row.get(column)}


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def made(ask_of, carrier, url_path: str, role: str | None = None) -> openpyxl.Workbook:
    ask = ask_of(role, **CHOICES.get(url_path, {}))
    return opened(make(entry_at(url_path), book_of(url_path), ask, carrier).content)


def table_of(sheet) -> list[dict[str, object]]:
    head = [cell.value for cell in sheet[HEADER + 1]]
    return [
        dict(zip(head, row, strict=False))
        for row in sheet.iter_rows(min_row=HEADER + 2, values_only=True)
        if any(value is not None for value in row)
    ]


def rounded(value: object, places: int = 2) -> D:
    return D(str(value)).quantize(D(1).scaleb(-places), ROUND_HALF_UP)


def small(rows: pa.Table, fields: list[Field], *charts: Chart) -> openpyxl.Workbook:
    return opened(workbook(COVER, [Part("表", rows, fields, "说明", charts)]))


def test_every_data_screen_has_a_workbook_or_is_named_in_the_decision():
    assert {entry.url_path for entry in PAGES} - set(SCREENS) == WITHOUT


@pytest.mark.parametrize("url_path", SCREENS)
def test_workbook_opens_with_print_set_up_charts_and_definitions(ask_of, carrier, url_path):
    book = made(ask_of, carrier, url_path)
    assert book.sheetnames[0] == CONTENTS
    assert book.sheetnames[-1] == SHEET
    said = "\n".join(str(row[1].value) for row in book[CONTENTS].iter_rows(max_row=14))
    assert "分析员01(分析员)" in said
    assert "例行核查" in said
    for sheet in book.worksheets[1:]:
        assert sheet.paper_size if hasattr(sheet, "paper_size") else int(sheet.page_setup.paperSize) == 9
        assert sheet.print_title_rows == f"${HEADER + 1}:${HEADER + 1}"
        assert sheet.freeze_panes is not None
        assert sheet.freeze_panes.endswith(str(HEADER + 2))
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "数据版本" in sheet.oddFooter.left.text
        assert "分析员01" in sheet.oddFooter.left.text
        for chart in sheet._charts:
            for series in chart.series:
                for reference in (series.val.numRef.f, (series.cat.strRef or series.cat.numRef).f):
                    name, _, cells = reference.rpartition("!")
                    assert name.strip("'") == sheet.title
                    _, first, _, last = range_boundaries(cells.replace("$", ""))
                    assert (first, last) == (HEADER + 2, HEADER + 1 + len(table_of(sheet)))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    for row in table_of(book[SHEET]):
        missing = {
            name
            for name in ("指标", "分子", "分母", "来源数据表", "目标", "参数", "完整度", "数据版本")
            if not row[name]
        }
        assert not missing, row["指标"]


@pytest.mark.parametrize("url_path", ["inspection-coverage", "review-rejection", "fund-balance"])
def test_indicators_equal_the_engine_to_the_printed_digit(ask_of, carrier, demo_warehouse, url_path):
    ask = ask_of()
    kpis = book_of(url_path).kpis(ask)
    rows = {row["指标"]: row for row in table_of(made(ask_of, carrier, url_path)["指标"])}
    whole = [
        v
        for v in evaluate(demo_warehouse, ask.settings, list(kpis), ask.period.start, ask.period.end)
        if v.value is not None
    ]
    for number in whole:
        fund, label = insutype_of(number), declarations()[number.kpi].label
        row = rows[f"{label}·{insutype_words(fund)}" if fund else label]
        assert rounded(row["本期"]) == rounded(number.value / MONEY_UNITS.get(row["单位"], D(1)))
        assert rounded(row["分子"]) == rounded(number.numerator)
        assert (row["分母"] is None) == (number.denominator is None)
    assert len(whole) > 3


def test_months_of_a_line_chart_are_the_engine_s_months(ask_of, carrier, demo_warehouse):
    ask = ask_of()
    rows = table_of(made(ask_of, carrier, "review-rejection")["逐月"])
    months = ask.months()
    values = {
        v.key: v.value
        for v in evaluate(demo_warehouse, ask.settings, ["rejection_rate"], months.start, months.end, "month")
    }
    printed = {f"{row['月份']:%Y-%m}": row["审核拒付率(%)"] for row in rows}
    assert len(printed) == 12
    assert {m: rounded(v) for m, v in printed.items() if v is not None} == {
        m: rounded(v) for m, v in values.items() if v is not None
    }


def test_coverage_list_adds_up_to_the_indicator(ask_of, carrier):
    book = made(ask_of, carrier, "inspection-coverage")
    listed = table_of(book["协议检查覆盖清单"])
    [row] = [
        row for row in table_of(book["指标"]) if row["指标"] == declarations()["inspection_coverage"].label
    ]
    assert sum(one["计入分子"] for one in listed) == row["分子"]
    assert sum(one["计入分母"] for one in listed) == row["分母"]


def test_filters_act_and_stand_in_words(ask_of, carrier):
    ask = ask_of(level_class=["二级"])
    book = opened(make(entry_at("inspection-coverage"), book_of("inspection-coverage"), ask, carrier).content)
    levels = {row["机构级别"] for row in table_of(book["协议检查覆盖清单"])}
    assert levels == {"二级"}
    assert "级别:二级" in book["指标"]["A2"].value


def test_same_question_at_the_same_time_gives_the_same_bytes(ask_of, carrier):
    entry, book = entry_at("complaints"), book_of("complaints")
    assert make(entry, book, ask_of(), carrier) == make(entry, book, ask_of(), carrier)


def test_rows_of_single_persons_need_a_reason(ask_of, carrier):
    entry, book = entry_at("review-rejection"), book_of("review-rejection")
    with pytest.raises(UserError, match="导出理由"):
        make(entry, book, ask_of(), replace(carrier, why=" "))
    assert make(entry, book, ask_of(Role.GROUP_MEMBER.value), replace(carrier, why="")).rows


@pytest.mark.parametrize("url_path", [path for path in SCREENS if book_of(path).personal])
def test_columns_that_a_role_does_not_see_are_not_in_its_workbook(ask_of, carrier, url_path, persons):
    ask = ask_of(Role.GROUP_MEMBER.value, **CHOICES.get(url_path, {}))
    names = {
        column
        for part in book_of(url_path).parts(ask.only(book_of(url_path).bar))
        for column in part.rows.column_names
    }
    content = made(ask_of, carrier, url_path, Role.GROUP_MEMBER.value)
    assert {"参保人(化名)", "结算ID", "单据ID", "医师代码", "疑点ID"}.isdisjoint(
        cell.value for sheet in content.worksheets[1:] for cell in sheet[HEADER + 1]
    )
    assert url_path == "high-risk" or not names & PERSONAL_COLUMNS
    text = {
        str(cell.value)
        for sheet in content
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert not text & persons


@pytest.mark.parametrize("url_path", [path for path in SCREENS if not book_of(path).personal])
def test_a_screen_that_asks_for_no_reason_shows_no_single_person(ask_of, url_path, carrier):
    ask = ask_of(**CHOICES.get(url_path, {}))
    assert make(entry_at(url_path), book_of(url_path), ask, replace(carrier, why="")).content


def test_a_name_that_looks_like_a_formula_stays_text():
    rows = pa.table({"name": ["=cmd|' /C calc'!A0", "@x", "甲医院"]})
    sheet = small(rows, [Field("name", "=机构")])["表"]
    assert [sheet.cell(HEADER + 2 + n, 1).value for n in range(3)] == ["'=cmd|' /C calc'!A0", "'@x", "甲医院"]
    assert sheet.cell(HEADER + 1, 1).value == "'=机构"


def test_money_in_wan_keeps_every_fen_and_shows_two_places():
    rows = pa.table({"amount": pa.array([D("123456.78"), D("-5.00"), None], pa.decimal128(18, 2))})
    sheet = small(rows, [Field("amount", "金额", "amount", "元")])["表"]
    assert sheet.cell(HEADER + 1, 1).value == "金额(万元)"
    assert D(str(sheet.cell(HEADER + 2, 1).value)) * 10_000 == D("123456.78")
    assert sheet.cell(HEADER + 2, 1).number_format == "#,##0.00"
    assert sheet.cell(HEADER + 4, 1).value is None


def test_ids_are_text_and_dates_are_dates():
    rows = pa.table({"code": ["0012"], "day": pa.array([dt.date(2026, 6, 1)], pa.date32())})
    sheet = small(rows, [Field("code", "编号", "code"), Field("day", "日期", "date")])["表"]
    code, day = sheet.cell(HEADER + 2, 1), sheet.cell(HEADER + 2, 2)
    assert (code.value, code.number_format) == ("0012", "@")
    assert (day.value, day.number_format) == (dt.datetime(2026, 6, 1), "yyyy-mm-dd")


def test_a_chart_without_any_value_is_left_out():
    rows = pa.table({"name": ["甲"], "value": pa.array([None], pa.int64())})
    fields = [Field("name", "名称"), Field("value", "次数", "int")]
    assert not small(rows, fields, Chart("bar", "name", ("value",), "图"))["表"]._charts
    filled = small(pa.table({"name": ["甲"], "value": [3]}), fields, Chart("bar", "name", ("value",), "图"))
    assert len(filled["表"]._charts) == 1


def test_footer_keeps_its_ampersand():
    sheet = small(pa.table({"name": ["甲"]}), [Field("name", "名称")])["表"]
    assert "测试 &" in sheet.oddFooter.left.text


@pytest.mark.parametrize("words", ["甲" * 400, "&" * 401, "甲" * 235 + "&&&", "=1\n+2"])
def test_a_long_footer_is_cut_and_never_left_out(words):
    part = Part("甲", pa.table({"a": [1]}), [Field("a", "甲")])
    sheet = opened(workbook(replace(COVER, footer=words), [part])).worksheets[1]
    assert sheet.oddFooter.left.text.removeprefix("&8")[0] == words[0]
    assert "第&P页" in sheet.oddFooter.right.text


def test_names_of_sheets_run_nothing_and_hold_nothing_that_the_format_cannot():
    parts = [
        Part(name, pa.table({"a": [1]}), [Field("a", "甲")]) for name in ("--", "\x00\ufffe", "甲\x01乙\n丙")
    ]
    book = opened(workbook(replace(COVER, title="甲\x00", footer="乙\x00"), parts))
    assert book.sheetnames == [CONTENTS, "--", "表", "甲乙·丙"]
    assert "--" not in {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}


def test_an_unknown_role_filter_or_code_is_refused(ask_of):
    for role, given in ((None, {"nonsense": ["1"]}), (None, {"level_class": ["九级"]}), ("局外人", {})):
        with pytest.raises(UserError):
            ask_of(role, **given)


def test_carrier_is_named_in_the_footer(ask_of):
    carrier = Carrier("x", "命令行", dt.datetime(2026, 11, 1, 8, 0))
    book = opened(make(entry_at("campaigns"), book_of("campaigns"), ask_of(), carrier).content)
    assert "命令行 2026-11-01 08:00" in book.worksheets[1].oddFooter.left.text
