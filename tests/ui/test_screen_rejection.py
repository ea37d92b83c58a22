"""审核拒付: the funnel in documents and yuan, the queues of the review, rejection side by side."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import KpiValue, evaluate
from fundwatch.screens.rejection import (
    Rung,
    cells,
    funnel,
    funnel_title,
    message,
    queues,
    queues_title,
    share_of_first,
)
from fundwatch.settings import Settings
from fundwatch.ui import numbers
from fundwatch.ui.rejection_views import PARTS
from fundwatch.warehouse import open_warehouse

PATH = "pages/review/rejection.py"
D = Decimal
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 10, 31)
DAYS = {"from": str(FIRST), "to": str(LAST)}


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_reviews_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == (["审核拒付"] if role in STAFF else ["没有查看权限"])


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_is_there(demo, part):
    app = screen_of(demo, PATH, Role.ANALYST, part=part, **DAYS)
    assert not app.exception
    assert not app.error


def test_funnel_and_rules_say_the_engine_s_numbers(demo):
    kpis = ["rejection_rate", "flagged_amount", "deducted_amount", "first_review_rate"]
    found = {value.kpi: value for value in evaluate(open_warehouse(demo), Settings(demo), kpis, FIRST, LAST)}
    app = screen_of(demo, PATH, Role.LEADER, part="rules", **DAYS)
    assert f"期内申报 {found['first_review_rate'].denominator:,} 件" in texts(app)
    assert f"扣款 {numbers.money(found['rejection_rate'].numerator)}" in texts(app)
    table = sheets(app)
    for kpi in ("flagged_amount", "deducted_amount"):
        assert f"{numbers.plain(found[kpi].numerator, 2)} 元" in table
    shown = app.dataframe[0].value
    for column, kpi in (("检出金额(元)", "flagged_amount"), ("扣款金额(元)", "deducted_amount")):
        assert sum(D(str(amount).replace(",", "")) for amount in shown[column]) == found[kpi].numerator
    assert found["deducted_amount"].numerator == found["rejection_rate"].numerator


def test_a_county_without_documents_is_told_what_is_missing(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER)
    assert not app.exception
    assert not app.metric
    assert "“审核单据”表没有可用的记录" in texts(app)


def number(kpi: str, top: str, below: str | None = None, key: str | None = None) -> KpiValue:
    one, all_ = D(top), None if below is None else D(below)
    value = one if all_ is None else one * 100 / all_ if all_ else None
    return KpiValue(kpi, FIRST, LAST, None, key, one, all_, value, "%", None, LAST)


STEPS = {
    "rejection_rate": number("rejection_rate", "30.00", "10000.00"),
    "first_review_rate": number("first_review_rate", "9", "10"),
    "review_overdue_rate": number("review_overdue_rate", "2", "10"),
    "duty_breaches": number("duty_breaches", "0"),
    "flagged_amount": number("flagged_amount", "100.00"),
    "first_review_amount": number("first_review_amount", "60.00"),
    "confirmed_amount": number("confirmed_amount", "40.00"),
    "deducted_amount": number("deducted_amount", "30.00"),
}
DOCS = {"flagged_cnt": 5, "first_review_cnt": 4, "confirmed_cnt": 3, "deducted_cnt": 2}


def test_the_funnel_goes_from_declared_to_deducted():
    rungs = funnel(STEPS, DOCS)
    assert [(rung.name, rung.docs, rung.amount) for rung in rungs] == [
        ("申报", 10, D("10000.00")), ("检出", 5, D("100.00")), ("初审", 4, D("60.00")), ("确认", 3, D("40.00")),
        ("扣款", 2, D("30.00")),
    ]  # fmt: skip
    assert funnel_title(rungs) == "检出 100.00 元,扣款 30.00 元(30.0%)"
    assert share_of_first(rungs, rungs[-1]) == D("0.3")
    nothing = [
        Rung("申报", 0, D(0), "rejection_rate"),
        Rung("检出", 0, D(0), "flagged_amount"),
        Rung("扣款", 0, D(0), "x"),
    ]
    assert funnel_title(nothing) == "期内没有检出疑点"
    assert share_of_first(nothing, nothing[-1]) is None


@pytest.mark.parametrize(("breaches", "words"), [("0", "未发现岗位未分离"), ("3", "岗位未分离 3 件")])
def test_the_sentence_names_late_reviews_and_posts(breaches, words):
    said = message({**STEPS, "duty_breaches": number("duty_breaches", breaches)})
    assert said == f"期内申报 10 件,初审率 90.0%,超时 2 件;扣款 30.00 元,审核拒付率 0.30%;{words}。"


def test_without_documents_there_is_no_number():
    none = {**STEPS, "first_review_rate": number("first_review_rate", "0", "0")}
    assert "没有数值" in message(none)


DAY = dt.date(2024, 6, 30)


def waits(step: str, days: int | None, count: int, amount: str | None = "1.00") -> dict[str, object]:
    since = None if days is None else DAY - dt.timedelta(days)
    return {"step": step, "since": since, "item_cnt": count, "amt": None if amount is None else D(amount)}


def test_ages_of_a_queue_end_with_the_day_they_name():
    rows = [waits("first", days, 1) for days in (0, 7, 8, 15, 16, 30, 31)] + [waits("recheck", None, 2, None)]
    found = {queue.key: queue for queue in queues(rows, DAY)}
    assert found["first"].by_age == (2, 2, 2, 1)
    assert found["first"].oldest == 31
    assert found["first"].amount == D("7.00")
    assert found["recheck"].by_age == (2, 0, 0, 0)
    assert found["recheck"].oldest is None
    assert found["deduct"].total == 0


def test_the_board_names_the_longest_wait_and_never_the_time_to_appeal():
    assert queues_title(queues([], DAY)) == "六步流程没有积压"
    assert queues_title(queues([waits("appeal", 3, 9)], DAY)) == "六步流程没有积压"
    assert queues_title(queues([waits("final", 3, 9), waits("first", 2, 4)], DAY)) == "复审环节等待最多,9 件"
    assert (
        queues_title(queues([waits("final", 3, 9), waits("first", 31, 4)], DAY))
        == "初审环节 4 件等待超过30天"
    )


def test_cells_stand_in_order_of_their_code():
    values = [
        number("rejection_rate", "5.00", "200.00", "H2"), number("rejected_doc_rate", "1", "3", "H2"),
        number("rejection_rate", "0.00", "0.00", "H1"), number("rejection_rate", "1.00", "9.00", None),
    ]  # fmt: skip
    rows = cells(values, {"H1": "甲"}).to_pylist()
    assert [row["name"] for row in rows] == ["甲", "H2", "未登记"]
    assert rows[1]["rate"] == D("2.5")
    assert rows[1]["doc_rate"] == D("33.3333")
    assert rows[0]["rate"] is None
    assert rows[0]["docs"] is None
