"""待遇与流向: what a stay costs and what the fund pays of it, what leaves the county, how fast institutions are paid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import KpiValue, evaluate
from fundwatch.screens.benefits import (
    a_year_on,
    compared,
    flow,
    levels_title,
    message,
    months_title,
    slow,
    year_of,
)
from fundwatch.settings import Settings
from fundwatch.steps import page_sql
from fundwatch.ui import numbers
from fundwatch.ui.benefits_views import PARTS
from fundwatch.warehouse import open_warehouse

PATH = "pages/fund/benefits.py"
D = Decimal
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 10, 31)


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_benefits_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == (["待遇与流向"] if role in STAFF else ["没有查看权限"])


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_is_there(demo, part):
    app = screen_of(demo, PATH, Role.ANALYST, part=part)
    assert not app.exception
    assert not app.error


def test_sentence_tiles_and_places_say_the_engine_s_numbers(demo):
    home = open_warehouse(demo)
    [paid, outside] = evaluate(home, Settings(demo), ["actual_reimbursement", "outside_share"], FIRST, LAST)
    app = screen_of(demo, PATH, Role.LEADER, part="places", **{"from": str(FIRST), "to": str(LAST)})
    assert f"实际报销比例 {numbers.percent(paid.value)}" in texts(app)
    assert f"合计基金支付 {numbers.plain(outside.numerator, 2)} 元" in texts(app)
    shown = next(frame.value for frame in app.dataframe)
    assert len(shown) >= 1


def test_places_add_up_to_the_numerator_of_the_outside_share(demo):
    home = open_warehouse(demo)
    [outside] = evaluate(home, Settings(demo), ["outside_share"], FIRST, LAST)
    sql = page_sql("benefits_flow")
    none = {"insutype": None, "level_class": None, "medins_natu": None}
    rows = home.query(sql, {"first_day": FIRST, "last_day": LAST, **none})
    assert sum(rows.column("fund_pay_sumamt").to_pylist(), D(0)) == outside.numerator


def test_a_county_of_totals_shows_its_published_ratios_and_no_noughts(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER, part="published")
    assert not app.exception
    assert "“结算”表从未载入" in texts(app)
    assert {metric.value for metric in app.metric} == {"—"}
    assert "78.43" in sheets(app)
    assert "48.29" in sheets(app)


def number(
    kpi: str, key: str | None, top: str, below: str, *, scale: int = 100, by: str = "level_class"
) -> KpiValue:
    value = D(top) * scale / D(below) if D(below) else None
    return KpiValue(kpi, FIRST, LAST, by, key, D(top), D(below), value, "%", None, LAST, {})


def test_levels_stand_beside_each_other_in_their_order():
    values = [
        number("actual_reimbursement", "一级", "80.00", "100.00"),
        number("actual_reimbursement", "三级", "54.00", "100.00"),
        number("avg_inpatient_fee", "三级", "100.00", "4", scale=1),
        number("outside_share", "三级", "0", "0"),
        number("actual_reimbursement", None, "1.00", "3.00"),
    ]
    rows = compared(values, {}, ("三级", "二级", "一级")).to_pylist()
    assert [row["name"] for row in rows] == ["三级", "一级", "未登记"]
    assert rows[0] == {
        "key": "三级", "name": "三级", "visits": 4, "medfee": D("100.00"), "fund": D("54.00"),
        "actual_reimbursement": D("54.00"), "policy_reimbursement": None, "avg_inpatient_fee": D("25.00"),
        "outside_share": None,
    }  # fmt: skip
    assert rows[2]["actual_reimbursement"] == D("33.33")
    assert levels_title(rows) == "一级报销 80.0%,未登记 33.3%"
    assert levels_title(rows[:1]) == "三级实际报销比例 54.0%"
    assert levels_title([]) == "分级别实际报销比例"


def test_a_share_without_fund_money_stays_empty():
    money = pa.array([D("30.00"), D("10.00")], pa.decimal128(16, 2))
    assert flow(pa.table({"fund_pay_sumamt": money})).column("share").to_pylist() == [D("75.00"), D("25.00")]
    back = pa.array([D("-30.00"), D("30.00")], pa.decimal128(16, 2))
    assert flow(pa.table({"fund_pay_sumamt": back})).column("share").to_pylist() == [None, None]


def test_twenty_working_days_are_in_time():
    rows = pa.table(
        {"pay_workdays": [20, 21, None, 30], "fixmedins_code": ["A", "B", "C", "D"], "issue": ["1"] * 4}
    )
    assert slow(rows, 20).column("fixmedins_code").to_pylist() == ["D", "B"]


def test_words_of_month_and_year():
    months = [
        number("outside_share", "2024-02", "36", "100", by="month"),
        number("outside_share", "2024-03", "0", "0", by="month"),
    ]
    assert months_title(months, {"2024-02": D("35.0")}) == "2024年2月县外占比 36.0%,较上年同月 +1.0 个百分点"
    assert months_title(months, {}) == "2024年2月县外占比 36.0%"
    assert months_title([], {}) == "县外就医基金占比没有月度数据"
    assert year_of(months, FIRST, LAST) == (dt.date(2023, 2, 1), dt.date(2023, 3, 31))
    assert year_of([], FIRST, LAST) == (FIRST, LAST)
    assert a_year_on(months)["2025-02"] == D(36)


def test_a_missing_number_says_why():
    none = KpiValue(
        "outside_share", FIRST, LAST, None, None, D(0), D(0), None, "%", None, LAST, {"reason": "无住院"}
    )
    values = {"outside_share": none, "actual_reimbursement": number("actual_reimbursement", None, "1", "2")}
    assert message(values, {}) == "实际报销比例 50.0%;县外就医基金占比无数值:无住院。"
