"""本页参数: what a screen's numbers were made with, on the day that counts."""

from __future__ import annotations

import datetime as dt

import pytest
from signed_in import screen_of, texts

from fundwatch.access import Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import declarations
from fundwatch.screens.settings_used import Used, parameters_of, used, used_lists
from fundwatch.screens.settings_words import setting_words
from fundwatch.settings import Change, Settings, Values

KPI = declarations()
FIRST = dt.date(2024, 1, 1)


def change(key: str, value: str, day: str) -> Change:
    return Change(key, value, dt.date.fromisoformat(day), "年度办法", "fx01", dt.datetime(2026, 1, 1))


def test_the_declared_target_is_told_with_its_day_and_document():
    [target] = used(Values(), [KPI["inspection_coverage"]], [], dt.date(2024, 6, 30), FIRST)
    assert (target.label, target.value) == ("目标 协议检查覆盖率", "100%")
    assert target.note.startswith("自 2022-01-01 起;")
    assert (
        used(Values(), [KPI["inspection_coverage"]], [], dt.date(2021, 12, 31), FIRST)[0].value == "未设目标"
    )


@pytest.mark.parametrize(
    ("day", "value"), [("2026-05-31", "9 分"), ("2026-06-01", "10 分"), ("2026-06-30", "10 分")]
)
def test_the_value_of_the_last_day_of_the_period_counts(day, value):
    values = Values([change("suspended_points", "10", "2026-06-01")])
    found = {
        line.key: line
        for line in used(values, [KPI["suspended_persons"]], [], dt.date.fromisoformat(day), FIRST)
    }
    line = found["suspended_points"]
    assert line.value == value
    assert ("2026-06-01 起 10 分" in line.note) is (day < "2026-06-01")
    assert ("本局设定,理由:年度办法" in line.note) is (day >= "2026-06-01")


def test_an_own_target_replaces_the_declared_one_from_its_day():
    values = Values([change("target.inspection_coverage", "95", "2026-06-01")])
    before = used(values, [KPI["inspection_coverage"]], [], dt.date(2026, 5, 31), FIRST)[0]
    after = used(values, [KPI["inspection_coverage"]], [], dt.date(2026, 6, 1), FIRST)[0]
    assert (before.value, after.value) == ("100%", "95%")
    assert "2026-06-01 起 95%" in before.note


def test_an_unverified_line_says_so_and_cites_no_document():
    lines = used(Values(), [KPI["payable_months"]], [], dt.date(2026, 6, 1), FIRST)
    assert all("参考线(来源未核实)" in line.note for line in lines if line.label.startswith("目标"))


def test_parameters_of_the_models_behind_a_kpi_count_too():
    local = [kpi.id for kpi in KPI.values() if "county_admdvs" in parameters_of(kpi)]
    assert "actual_reimbursement" in local
    assert "inspection_coverage" not in local


def test_lists_say_whether_the_bureau_keeps_its_own():
    kpis = [KPI["outlay_growth"]]
    assert used_lists(kpis, {"base_year": 2}) == [Used("可比基年", "2 行", "由本局维护", "base_year", "")]
    assert used_lists(kpis, {"base_year": 0})[0].value == "与上年比较"
    assert [line.part for line in used_lists([], {}, ["event_mark"])] == ["event_mark"]


@pytest.mark.parametrize("role", [Role.LEADER, Role.INSPECTOR])
def test_a_screen_shows_what_it_uses_on_the_last_day_of_its_period(demo_home, monkeypatch, role):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    app = screen_of(
        demo_home, "pages/inspection/coverage.py", role, **{"from": "2026-01-01", "to": "2026-03-31"}
    )
    assert not app.exception
    told = texts(app)
    assert "按 2026-03-31 的取值计算。" in told
    assert "目标 协议检查覆盖率:100%" in told
    assert "同一机构年度现场行政检查次数上限:1 次" in told


@pytest.mark.parametrize(("last_day", "target"), [("2026-02-28", "100%"), ("2026-03-01", "95%")])
def test_a_target_of_the_bureau_shows_on_the_tile_from_its_day_and_not_before(
    demo_home_copy, monkeypatch, last_day, target
):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home_copy.root))
    Settings(demo_home_copy).set(
        "target.inspection_coverage", "95", dt.date(2026, 3, 1), "县局会议纪要", "fx01"
    )
    app = screen_of(
        demo_home_copy, "pages/inspection/coverage.py", Role.LEADER, **{"from": "2026-01-01", "to": last_day}
    )
    told = texts(app)
    assert f"目标 协议检查覆盖率:{target}" in told
    assert ("目标 95% · 差" in told) is (target == "95%")


def test_a_value_of_the_bureau_does_not_cite_the_document_of_the_shipped_one():
    values = Values([change("suspended_points", "10", "2026-06-01")])
    assert "《" in setting_words(values, "suspended_points", dt.date(2026, 5, 31))
    assert setting_words(values, "suspended_points", dt.date(2026, 6, 1)) == (
        "支付资格记分关注线:10 分(自 2026-06-01 起;本局设定,理由:年度办法)"
    )
