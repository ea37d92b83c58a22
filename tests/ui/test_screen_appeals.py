"""申诉与规则: appeals by rule and by first reviewer with limits, rates of nothing left empty."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from signed_in import screen_of, texts

from fundwatch.access import STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import KpiValue, evaluate
from fundwatch.screens.appeals import limits, message, months_title, with_rates
from fundwatch.settings import Settings
from fundwatch.ui.appeals_views import PARTS
from fundwatch.warehouse import open_warehouse

PATH = "pages/review/appeals.py"
D = Decimal
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 10, 31)
DAYS = {"from": str(FIRST), "to": str(LAST)}


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_appeals_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == (["申诉与规则"] if role in STAFF else ["没有查看权限"])


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_is_there(demo, part):
    app = screen_of(demo, PATH, Role.ANALYST, part=part, **DAYS)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("part", ["rules", "reviewers"])
def test_lists_add_up_to_the_engine_s_numbers(demo, part):
    kpis = ["appeal_rate", "appeal_success_rate"]
    found = {value.kpi: value for value in evaluate(open_warehouse(demo), Settings(demo), kpis, FIRST, LAST)}
    app = screen_of(demo, PATH, Role.LEADER, part=part, **DAYS)
    rate, success = found["appeal_rate"], found["appeal_success_rate"]
    assert f"期内推送疑点 {rate.denominator:,} 条,申诉 {rate.numerator:,} 条" in texts(app)
    shown = app.dataframe[0].value
    assert shown["推送疑点(条)"].sum() == rate.denominator
    assert shown["申诉(条)"].sum() == rate.numerator
    assert shown["已复审(条)"].sum() == success.denominator
    assert shown["申诉成功(条)"].sum() == success.numerator


def test_a_county_without_suspicions_is_told_what_is_missing(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER)
    assert not app.exception
    assert not app.metric
    assert "“数据质量”" in texts(app)


def number(kpi: str, top: int, below: int, key: str | None = None) -> KpiValue:
    value = D(top * 100) / D(below) if below else None
    return KpiValue(kpi, FIRST, LAST, None, key, D(top), D(below), value, "%", None, LAST)


def test_the_sentence_says_what_is_still_open():
    rate = number("appeal_rate", 6, 10)
    assert message(rate, number("s", 1, 4)) == (
        "期内推送疑点 10 条,申诉 6 条(60.0%),已复审 4 条,申诉成功率 25.0%;2 条待复审。"
    )
    assert message(rate, number("s", 3, 6)).endswith("申诉成功率 50.0%。")
    assert message(rate, number("s", 0, 0)).endswith("申诉的还没有复审结果。")
    assert "没有数值" in message(number("appeal_rate", 0, 0), number("s", 0, 0))


def test_a_reviewer_far_off_the_others_is_named_and_a_blank_post_has_no_limits():
    posts = [(f"初审岗{n:02d}", 20, 100) for n in range(1, 9)] + [("初审岗09", 90, 100), (None, 1, 2)]
    rows = pa.table({
        "chker": [post for post, _, _ in posts], "pushed_cnt": [200] * 9 + [0], "appealed_cnt": [100] * 9 + [0],
        "decided_cnt": [all_ for _, _, all_ in posts], "won_cnt": [won for _, won, _ in posts],
    })  # fmt: skip
    view = limits(rows.to_pylist(), "chker", "申诉成功率")
    assert view.title == "申诉成功率:1 个岗位高于 99.8% 控制上限(疑点,未核实)"
    made = with_rates(rows, "chker", view).to_pylist()
    assert made[8]["place"] == "高于99.8%控制限"
    assert made[8]["success_rate"] == D("90")
    assert made[9]["chker"] == "未填写"
    assert made[9]["place"] is None
    assert made[9]["appeal_rate"] is None


def test_the_title_names_the_last_month_with_a_value():
    months = [number("s", 1, 4, "2024-05"), number("s", 0, 0, "2024-06")]
    assert months_title(months) == "2024年5月推送的申诉成功率 25.0%"
    assert months_title(months[1:]) == "申诉成功率没有月度数据"
