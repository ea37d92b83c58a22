"""提醒遵从: how reminders ended, which rules move to review, what nobody has looked at."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from signed_in import screen_of, texts

from fundwatch.access import CASE_ROLES, STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import KpiValue, evaluate
from fundwatch.screens.reminders import message, outcome_title, outcomes, rules, with_compliance
from fundwatch.settings import Settings
from fundwatch.ui.reminders_views import PARTS
from fundwatch.warehouse import open_warehouse

PATH = "pages/reminder/compliance.py"
D = Decimal
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 10, 31)
DAYS = {"from": str(FIRST), "to": str(LAST)}


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_reminders_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == (["提醒遵从"] if role in STAFF else ["没有查看权限"])


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_is_there(demo, part):
    app = screen_of(demo, PATH, Role.ANALYST, part=part, **DAYS)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("role", sorted(STAFF))
def test_doctors_are_seen_by_those_whose_work_needs_them_only(demo, role):
    app = screen_of(demo, PATH, role, part="doctors", **DAYS)
    shown = [str(column) for frame in app.dataframe for column in frame.value.columns]
    assert ("医师代码" in shown) == (role in CASE_ROLES)


def test_sentence_and_rules_say_the_engine_s_numbers(demo):
    home = open_warehouse(demo)
    kpis = ["reminder_compliance", "override_review_rate", "avoided_amount"]
    [compliance, reviewed, avoided] = sorted(
        evaluate(home, Settings(demo), kpis, FIRST, LAST), key=lambda value: kpis.index(value.kpi)
    )
    app = screen_of(demo, PATH, Role.LEADER, **DAYS)
    assert f"期内提醒 {compliance.denominator:,} 次" in texts(app)
    assert f"未遵从而结算的 {reviewed.denominator:,} 次" in texts(app)
    shown = app.dataframe[0].value
    assert shown["提醒(次)"].sum() == compliance.denominator
    assert shown["返回修改(次)"].sum() == compliance.numerator
    assert shown["未遵从已结算(次)"].sum() == reviewed.denominator
    assert shown["已人工审核(次)"].sum() == reviewed.numerator
    assert sum(D(str(amount).replace(",", "")) for amount in shown["拦截金额(元)"]) == avoided.numerator


def test_a_county_without_reminders_is_told_what_is_missing(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER)
    assert not app.exception
    assert not app.metric
    assert "“数据质量”" in texts(app)


def ended(**counts: int) -> pa.Table:
    return outcomes(
        [{"outcome": key, "warn_cnt": count, "vola_amt": D(count)} for key, count in counts.items()]
    )


def test_every_way_a_reminder_ends_has_a_row():
    rows = ended(changed=2, unanswered=1).to_pylist()
    assert [(row["name"], row["warn_cnt"], row["share"]) for row in rows] == [
        ("返回修改(遵从)", 2, D("66.67")), ("继续执行,有理由", 0, D("0.00")), ("继续执行,未写理由", 0, D("0.00")),
        ("未反馈", 1, D("33.33")),
    ]  # fmt: skip
    assert [row["share"] for row in ended().to_pylist()] == [None] * 4


def test_the_title_names_the_commonest_way_round_a_reminder():
    assert (
        outcome_title(ended(changed=5, reasoned=2, unanswered=3)) == "未遵从的以“未反馈”为多,占全部提醒 30.0%"
    )
    assert outcome_title(ended(changed=5)) == "期内提醒全部返回修改"
    assert outcome_title(ended()) == "期内没有提醒"


def test_shares_of_nothing_stay_empty():
    rows = pa.table(
        {"warn_cnt": [3, 1], "changed_cnt": [1, 1], "override_cnt": [0, 8], "reviewed_cnt": [0, 1]}
    )
    made = rules(rows)
    assert made.column("compliance").to_pylist() == [D("33.33"), D("100.00")]
    assert made.column("review_rate").to_pylist() == [None, D("12.50")]
    assert with_compliance(rows.slice(0, 1)).column("compliance").to_pylist() == [D("33.33")]


def number(kpi: str, top: int, below: int | None) -> KpiValue:
    value = None if below == 0 else D(top * 100) / D(below) if below else D(top)
    return KpiValue(
        kpi, FIRST, LAST, None, None, D(top), None if below is None else D(below), value, "%", None, LAST
    )


@pytest.mark.parametrize(
    ("to_review", "reviewed", "words"),
    [
        (0, (5, 5), "没有规则达到转事中的条件;未遵从而结算的 5 次中均已人工审核。"),
        (2, (3, 5), "2 条规则应转事中审核;未遵从而结算的 5 次中,2 次还没有人工审核。"),
        (2, (0, 0), "2 条规则应转事中审核。"),
    ],
)
def test_the_sentence_says_what_is_left_to_do(to_review, reviewed, words):
    said = message(
        number("reminder_compliance", 4, 9),
        number("rules_to_review", to_review, None),
        number("x", *reviewed),
    )
    assert said == f"期内提醒 9 次,遵从率 44.4%;{words}"


def test_without_reminders_the_sentence_says_so():
    none = number("reminder_compliance", 0, 0)
    assert "无数值" in message(none, none, none)
