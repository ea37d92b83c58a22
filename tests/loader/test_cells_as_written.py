"""What a clerk types into a cell, and what the lake then holds. None: the row goes to quarantine."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from desk import Desk, row

AMOUNTS = {
    "1234.50": "1234.50", "1,234.50": "1234.50", "１２３４．５": "1234.50", " 12 ": "12.00", "￥12.30元": "12.30",
    "¥12": "12.00", "(12.50)": "-12.50", "（12.50）": "-12.50", "-0.01": "-0.01", "－3": "-3.00", "+5": "5.00",
    "1E+3": "1000.00", "12.3400": "12.34", "99999999999999.99": "99999999999999.99", ".5": "0.50", "12.0": "12.00",
    # what would have to be guessed or rounded
    "12.345": None, "1.5E-3": None, "12,34": None, "12万元": None, "1O0": None, "--5": None, "(-5)": None,
    "1_000": None, "100000000000000.00": None, "12.30.1": None,
}  # fmt: skip
DATES = {
    "2024-06-01": dt.date(2024, 6, 1), "2024/6/1": dt.date(2024, 6, 1), "20240601": dt.date(2024, 6, 1),
    "2024年6月1日": dt.date(2024, 6, 1), "2024.6.1": dt.date(2024, 6, 1), "２０２４／６／１": dt.date(2024, 6, 1),
    "2024-06-01 23:59:59": dt.date(2024, 6, 1), "2024-06-01T23:59:59": dt.date(2024, 6, 1),
    # 23:30 in Greenwich is the next morning here
    "2024-06-01T23:30:00Z": dt.date(2024, 6, 2),
    "24-06-01": None, "2024-06-31": None, "01/06/2024": None, "45444": None, "2024-13-01": None, "六月一日": None,
    "2024-06": None, "0024-06-01": None,
}  # fmt: skip
TIMES = {
    "2024-06-03 10:00:00": dt.datetime(2024, 6, 3, 10), "2024-06-03": dt.datetime(2024, 6, 3),
    "2024/6/3 8:05": dt.datetime(2024, 6, 3, 8, 5), "20240603080506": dt.datetime(2024, 6, 3, 8, 5, 6),
    "2024-06-03T08:05:06+08:00": dt.datetime(2024, 6, 3, 8, 5, 6), "2024-06-03T00:05:06Z": dt.datetime(2024, 6, 3, 8, 5, 6),
    "2024-06-03 09:05+09": dt.datetime(2024, 6, 3, 8, 5), "2024年6月3日 8时5分": dt.datetime(2024, 6, 3, 8, 5),
    "2024-06-03 25:00:00": None, "2024-06-03 8点": None,
}  # fmt: skip
MONTHS = {
    "2024-06": "2024-06", "202406": "2024-06", "2024/6": "2024-06", "2024年6月": "2024-06", "2024-06-30": "2024-06",
    "2024/6/1": "2024-06", "202413": None, "2024": None, "6月": None, "2024.1": None,
}  # fmt: skip
QUARTERS = {
    "2024Q2": "2024Q2", "2024q2": "2024Q2", "2024-Q2": "2024Q2", "2024年第2季度": "2024Q2", "2024年第二季度": "2024Q2",
    "2024-2": None, "2024Q5": None,
}  # fmt: skip
INSTITUTIONS = {
    "H99900100001": "H99900100001", " H99900100001　": "H99900100001", "Ｈ99900100001": "H99900100001",
    "h99900100001": None, "H9990010001": None, "9990010001": None,
}  # fmt: skip
LEVELS = {"05": "05", "5": "05", "5.0": "05", "二级甲等": "05", "3": "03", "77": "77"}
SCHEMES = {
    "310": "310",
    "310.0": "310",
    "３１０": "310",
    "城乡居民基本医疗保险": "390",
    "职工医保": None,
    "31": None,
}
FLAGS = {"1": "1", "0": "0", "是": "1", "否": "0", "1.0": "1", "": None}
POINTS = {"3": 3, "3.0": 3, "１２": 12, "": None}


def _loaded(desk: Desk, table: str, column: str, written: str):
    report = desk.load_rows(table, row(table, **{column: written}))
    assert (report.loaded, report.quarantined) in ((1, 0), (0, 1))
    return desk.rows(table)[0][column] if report.loaded else None


@pytest.mark.parametrize(("written", "stored"), AMOUNTS.items())
def test_an_amount(desk: Desk, written: str, stored: str | None):
    assert _loaded(desk, "fund_ledger", "amt", written) == (None if stored is None else Decimal(stored))


@pytest.mark.parametrize(("written", "stored"), DATES.items())
def test_a_date(desk: Desk, written: str, stored: dt.date | None):
    assert _loaded(desk, "inspection", "insp_date", written) == stored


@pytest.mark.parametrize(("written", "stored"), TIMES.items())
def test_a_time(desk: Desk, written: str, stored: dt.datetime | None):
    assert _loaded(desk, "setl_d", "setl_time", written) == stored


@pytest.mark.parametrize(("written", "stored"), MONTHS.items())
def test_a_month(desk: Desk, written: str, stored: str | None):
    assert _loaded(desk, "fund_ledger", "month", written) == stored


@pytest.mark.parametrize(("written", "stored"), QUARTERS.items())
def test_a_quarter(desk: Desk, written: str, stored: str | None):
    assert _loaded(desk, "post_review", "quarter", written) == stored


@pytest.mark.parametrize(("written", "stored"), INSTITUTIONS.items())
def test_an_institution_code(desk: Desk, written: str, stored: str | None):
    assert _loaded(desk, "inspection", "fixmedins_code", written) == stored


@pytest.mark.parametrize(("written", "stored"), SCHEMES.items())
def test_a_code_of_a_closed_list(desk: Desk, written: str, stored: str | None):
    assert _loaded(desk, "fund_ledger", "insutype", written) == stored


@pytest.mark.parametrize(("written", "stored"), LEVELS.items())
def test_a_hospital_level_keeps_two_digits_and_an_unknown_one_loads(desk: Desk, written: str, stored: str):
    assert _loaded(desk, "fixmedins_b", "hosp_lv", written) == stored


@pytest.mark.parametrize(("written", "stored"), FLAGS.items())
def test_a_flag_may_be_blank(desk: Desk, written: str, stored: str | None):
    assert desk.load_rows("fixmedins_b", row("fixmedins_b", vali_flag=written)).loaded == 1
    assert desk.column("fixmedins_b", "vali_flag") == [stored]


@pytest.mark.parametrize("written", ["2", "Y", "有"])
def test_an_unknown_flag_is_an_error(desk: Desk, written: str):
    assert _loaded(desk, "fixmedins_b", "vali_flag", written) is None


@pytest.mark.parametrize(("written", "stored"), POINTS.items())
def test_points_are_whole_numbers_and_may_be_blank(desk: Desk, written: str, stored: int | None):
    assert desk.load_rows("credit_point", row("credit_point", points=written)).loaded == 1
    assert desk.column("credit_point", "points") == [stored]


@pytest.mark.parametrize("written", ["3.5", "0", "13", "三"])
def test_points_outside_one_to_twelve_are_an_error(desk: Desk, written: str):
    assert _loaded(desk, "credit_point", "points", written) is None


@pytest.mark.parametrize("blank", ["", " ", "　", "NULL", "null", "\\N"])
def test_blank_words_are_no_value(desk: Desk, blank: str):
    desk.load_rows("inspection", row("inspection", record_no=blank))
    assert desk.column("inspection", "record_no") == [None]


def test_the_word_none_in_chinese_is_a_value(desk: Desk):
    desk.load_rows("inspection", row("inspection", record_no="无"))
    assert desk.column("inspection", "record_no") == ["无"]


@pytest.mark.parametrize("dash", ["-", "－", "−"])
def test_a_lone_dash_among_amounts_is_blank(desk: Desk, dash: str):
    assert desk.load_rows("fund_ledger", row("fund_ledger", amt=dash)).loaded == 1
    assert desk.column("fund_ledger", "amt") == [None]


def test_a_blank_amount_loads_though_the_column_is_required(desk: Desk):
    assert desk.load_rows("fund_ledger", row("fund_ledger", amt="")).loaded == 1


@pytest.mark.parametrize(
    ("table", "column"), [("inspection", "insp_id"), ("inspection", "insp_date"), ("setl_d", "psn_no")]
)
def test_a_blank_key_code_or_date_is_an_error(desk: Desk, table: str, column: str):
    report = desk.load_rows(table, row(table, **{column: " "}))
    assert [reason.reason.split(")")[1] for reason in report.reasons] == ["必填为空"]


def test_a_blank_insured_place_counts_as_the_county(desk: Desk):
    report = desk.load_rows("setl_d", row("setl_d", insu_admdvs=""))
    assert report.loaded == 1
    assert "参保地医保区划为空,按本县计:1 行" in report.warnings


def test_codes_keep_their_case_and_their_leading_zeros(desk: Desk):
    desk.load_rows("setl_d", row("setl_d", setl_id="00aB.0"))
    assert desk.column("setl_d", "setl_id") == ["00aB.0"]


def test_a_code_outside_an_open_list_loads_and_is_named(desk: Desk):
    report = desk.load_rows("setl_d", row("setl_d", med_type="9988"))
    assert desk.column("setl_d", "med_type") == ["9988"]
    assert "医疗类别(med_type)有代码表以外的值:9988(1 行)" in report.warnings


def test_items_by_the_words_of_the_counties_reports(desk: Desk):
    report = desk.load_rows(
        "report_filing",
        row("report_filing", item="两定机构自查自纠"),
        row("report_filing", item="县局委托检查事项"),
    )
    assert sorted(desk.column("report_filing", "item")) == ["委托检查", "自查自纠"]
    assert "原文“两定机构自查自纠”按“自查自纠”载入:1 行" in report.warnings
