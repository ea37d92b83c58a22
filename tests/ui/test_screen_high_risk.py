"""高风险对象: independent sources counted, never scored; persons by pseudonym for those who may; credit points with their line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from signed_in import screen_of, texts

from fundwatch.access import CASE_ROLES, STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import declarations, evaluate
from fundwatch.screens import high_risk as view
from fundwatch.screens.drift import Alert
from fundwatch.screens.peers import Unit, funnel_of
from fundwatch.settings import Settings
from fundwatch.ui.high_risk_views import PARTS
from fundwatch.warehouse import open_warehouse

PATH = "pages/post/high_risk.py"
D = Decimal
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 10, 31)
DAYS = {"from": str(FIRST), "to": str(LAST)}


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_institutions_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert not app.error
    assert [title.value for title in app.title] == (["高风险对象"] if role in STAFF else ["没有查看权限"])


@pytest.mark.parametrize("role", sorted(STAFF))
@pytest.mark.parametrize("part", ["persons", "credit"])
def test_persons_are_seen_by_those_whose_work_needs_them_only(demo, role, part):
    app = screen_of(demo, PATH, role, part=part, **DAYS)
    assert not app.exception
    shown = {str(column) for frame in app.dataframe for column in frame.value.columns}
    assert bool(shown & {"参保人(化名)", "人员编号"}) == (role in CASE_ROLES)


def test_parts_are_named_for_both_kinds_of_objects():
    assert set(PARTS) == {"institutions", "persons", "credit"}


def test_persons_on_the_line_are_those_of_the_indicator(demo):
    [points] = evaluate(open_warehouse(demo), Settings(demo), ["suspended_persons"], FIRST, LAST)
    app = screen_of(demo, PATH, Role.INSPECTOR, part="credit", **DAYS)
    rows = next(frame.value for frame in app.dataframe if "净记分(分)" in frame.value.columns)
    assert (rows["是否达到关注线"] == "已达 9 分").sum() == points.numerator > 0
    assert (rows["净记分(分)"] > 0).all()
    assert "是否暂停或终止以处理决定为准" in texts(app)


def test_a_person_s_points_add_up_to_what_the_list_says(demo):
    rows = next(
        frame.value
        for frame in screen_of(demo, PATH, Role.INSPECTOR, part="credit", **DAYS).dataframe
        if "净记分(分)" in frame.value.columns
    )
    person, points = rows["人员编号"][0], rows["净记分(分)"][0]
    app = screen_of(demo, PATH, Role.INSPECTOR, part="credit", person=person, **DAYS)
    events = next(frame.value for frame in app.dataframe if "事由" in frame.value.columns)
    assert events["净记分(分)"].sum() == points


def test_frequent_persons_are_all_persons_hit_by_those_rules(demo):
    names = ", ".join(f"'{rule}'" for rule in view.FREQUENT)
    with open_warehouse(demo) as warehouse:
        [found] = warehouse.query(
            f"select count(distinct psn_no) as persons from fct_rule_hit where rule_id in ({names}) "
            "and hit_date between $first and $last", {"first": FIRST, "last": LAST},
        ).to_pylist()  # fmt: skip
    app = screen_of(demo, PATH, Role.INSPECTOR, part="persons", **DAYS)
    assert found["persons"] > 0
    assert f"共 {found['persons']:,} 行" in texts(app)
    assert all(set(rules.split("、")) <= set(view.FREQUENT) for rules in app.dataframe[0].value["规则"])


def test_a_county_with_totals_only_is_told_what_is_missing(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER)
    assert not app.exception
    assert not app.metric
    assert "“数据质量”" in texts(app)


def row(code: str, hit: int = 100, **more) -> dict:
    return {
        "fixmedins_code": code, "fixmedins_name": f"机构{code}", "level_class": "一级", "setl_cnt": 1000, "hit_setl_cnt": hit,
        "clear_cnt": 0, "suspect_cnt": hit, "hint_cnt": 0, "true_cnt": 0, "amount_at_issue": None, "cmpl_cnt": 0, "apart_cnt": 0,
        "case_cnt": 0, **more,
    }  # fmt: skip


CODES = [f"H{number:02d}" for number in range(20)]


def shares(better, **odd):
    """Twenty institutions with 100 or 101 of 1,000, and odd ones."""
    units = [Unit(code, code, D(odd.get(code, 100 + place % 2)), D(1000)) for place, code in enumerate(CODES)]
    return funnel_of("占比", units, better=better)


def evidence(odd_rows=(), reminders=None, review=None, alerts=()):
    odd = {one["fixmedins_code"]: one for one in odd_rows}
    rows = [odd.get(code) or row(code, 100 + place % 2) for place, code in enumerate(CODES)]
    return view.Evidence(rows, reminders or shares("higher"), review or shares("neither"), alerts)


def signals(found) -> dict[str, str]:
    return {one["fixmedins_code"]: one["signals"] for one in view.institutions(found).to_pylist()}


def alert(code: str, kpi: str) -> Alert:
    return Alert(
        declarations()[kpi], code, code, "一级", "2026-10", "2026-06", "down", "concern", D(50), D(70), D(10)
    )


def test_institutions_like_the_others_are_not_listed():
    assert signals(evidence()) == {}
    assert view.message(view.institutions(evidence()), 20, []) == "20 家机构中没有来源指向任何一家。"


def test_each_source_points_by_its_own_sign():
    found = evidence(
        [row("H01", 900), row("H02", true_cnt=1), row("H05", cmpl_cnt=1, apart_cnt=1), row("H06", case_cnt=2)],
        reminders=shares("higher", H03=1), review=shares("neither", H04=900), alerts=[alert("H07", "avg_inpatient_fee")],
    )  # fmt: skip
    assert signals(found) == {
        "H01": "筛查疑点", "H02": "筛查疑点", "H03": "事前提醒", "H04": "审核拒付", "H05": "举报投诉", "H06": "在办案件",
        "H07": "次均费用",
    }  # fmt: skip


def test_the_favourable_side_of_a_limit_is_no_sign():
    found = evidence([row("H01", 0)], reminders=shares("higher", H03=999), review=shares("neither", H04=0))
    assert signals(found) == {}


def test_a_source_counts_once_however_many_signs_it_has():
    found = evidence(
        [row("H01", 900, true_cnt=3)], reminders=shares("higher", H03=1),
        alerts=[alert("H03", "reminder_compliance"), alert("H03", "reminder_feedback_rate")],
    )  # fmt: skip
    assert signals(found) == {"H01": "筛查疑点", "H03": "事前提醒"}
    [one] = [one for one in view.institutions(found).to_pylist() if one["fixmedins_code"] == "H03"]
    assert (one["signal_cnt"], one["alert_cnt"], one["overridden"]) == (1, 2, D("99.90"))


def test_a_complaint_that_became_an_open_case_is_one_source():
    assert signals(evidence([row("H01", cmpl_cnt=1, apart_cnt=0, case_cnt=1)])) == {"H01": "在办案件"}


def test_more_sources_come_first_then_the_code_not_the_size_of_anything():
    found = evidence([
        row("H02", cmpl_cnt=9, apart_cnt=9), row("H09", case_cnt=1, cmpl_cnt=1, apart_cnt=1), row("H01", case_cnt=1),
    ])  # fmt: skip
    assert list(signals(found)) == ["H09", "H01", "H02"]
    said = view.message(view.institutions(found), 20, found.not_judged)
    assert said == "20 家机构中,1 家有 2 个及以上独立来源同时指向,2 家有 1 个;均为疑点(未核实),不是认定。"


def test_a_source_without_limits_is_said_not_to_be_judged():
    few = funnel_of("提醒遵从率", [], better="higher")
    found = evidence(reminders=few)
    assert found.not_judged == [f"事前提醒:{few.why_none}"]
    assert "未判断:事前提醒" in view.message(view.institutions(found), 20, found.not_judged)
