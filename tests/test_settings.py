"""Parameters and targets: effective dates, the home's own values, what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from fundwatch.errors import UsageError
from fundwatch.home import Home
from fundwatch.screens.settings_where import acts_of
from fundwatch.settings import Settings, parameters
from fundwatch.state.audit import listing
from fundwatch.state.db import engine

JUNE = dt.date(2024, 6, 30)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(Home(tmp_path / "home"))


def test_shipped_values_hold_without_any_setting(settings: Settings) -> None:
    assert settings.get("over_frequency_limit", JUNE) == 1
    assert settings.get("quarantine_max_pct", JUNE) == Decimal("5")
    assert settings.get("county_admdvs", JUNE) is None
    assert settings.version == "0"


def test_a_value_holds_from_its_day_on_and_not_before(settings: Settings) -> None:
    settings.set("over_frequency_limit", "2", dt.date(2024, 7, 1), "新规定", "命令行")
    assert settings.get("over_frequency_limit", JUNE) == 1
    assert settings.get("over_frequency_limit", dt.date(2024, 7, 1)) == 2


def test_the_later_beginning_wins_and_of_two_on_one_day_the_later_record(settings: Settings) -> None:
    settings.set("over_frequency_limit", "3", dt.date(2024, 3, 1), "", "命令行")
    settings.set("over_frequency_limit", "2", dt.date(2024, 1, 1), "", "命令行")
    assert settings.get("over_frequency_limit", JUNE) == 3
    settings.set("over_frequency_limit", "4", dt.date(2024, 3, 1), "", "命令行")
    assert settings.get("over_frequency_limit", JUNE) == 4


def test_nothing_is_overwritten_and_each_change_makes_a_new_version(settings: Settings) -> None:
    settings.set("county_name", "示范县", None, "", "命令行")
    first = settings.version
    settings.set("county_name", "示范县二", None, "更名", "命令行")
    assert settings.version != first
    assert [(change.value, change.why) for change in settings.history("county_name")] == [
        ("示范县", ""),
        ("示范县二", "更名"),
    ]
    assert settings.get("county_name", dt.date(1999, 1, 1)) == "示范县二"


def test_another_process_sees_the_change(settings: Settings, tmp_path: Path) -> None:
    settings.set("county_admdvs", "999001", None, "", "命令行")
    assert Settings(Home(tmp_path / "home")).get("county_admdvs", JUNE) == "999001"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("county_admdvs", "99900", "不符合要求"),
        ("county_name", "  ", "不符合要求"),
        ("over_frequency_limit", "一次", "应为整数"),
        ("over_frequency_limit", "1.5", "应为整数"),
        ("over_frequency_limit", "-1", "超出范围"),
        ("quarantine_max_pct", "NaN", "超出范围"),
        ("quarantine_max_pct", "101", "超出范围"),
        ("no_such_key", "1", "没有参数 no_such_key"),
        ("target.no_such_kpi", "1", "没有指标 no_such_kpi"),
        ("target.../../secret", "1", "没有指标"),
        ("target.recovery_rate", "about 90", "应写成"),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_no_record(
    settings: Settings, key: str, value: str, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        settings.set(key, value, None, "", "命令行")
    assert settings.version == "0"


@pytest.mark.parametrize("value", ["100", "<=20", ">=80.5", "6-9", "无"])
def test_targets_may_be_numbers_bounds_ranges_or_none(settings: Settings, value: str) -> None:
    settings.set("target.recovery_rate", value, None, "", "命令行")
    assert settings.now().target("recovery_rate", JUNE) == value


def test_the_list_begins_with_the_county_and_names_source_and_change(settings: Settings) -> None:
    settings.set("target.recovery_rate", "95", dt.date(2024, 1, 1), "年度计划", "命令行")
    found = settings.all(JUNE)
    assert [setting.key for setting in found[:2]] == ["county_admdvs", "county_name"]
    assert found[-1].key == "target.recovery_rate"
    assert (found[-1].why, found[-1].set_by) == ("年度计划", "命令行")
    assert all(setting.source and setting.unit and setting.label for setting in found)


def test_unverified_reference_lines_say_so_and_name_no_document() -> None:
    unverified = [parameter for parameter in parameters().values() if parameter.source_status]
    assert {parameter.key for parameter in unverified} >= {"payable_months_alarm", "payable_months_much"}
    assert all(parameter.source == "参考线(来源未核实)" for parameter in unverified)


def test_what_comes_is_told_in_order_and_without_what_changes_nothing(settings: Settings) -> None:
    settings.set("suspended_points", "8", dt.date(2025, 6, 1), "二", "fx01")
    settings.set("suspended_points", "10", dt.date(2025, 1, 1), "一", "fx01")
    settings.set("suspended_points", "8", dt.date(2025, 9, 1), "同值", "fx01")
    values = settings.now()
    told = [
        (one.effective_from, one.value) for one in values.coming("suspended_points", dt.date(2024, 12, 31))
    ]
    assert told == [(dt.date(2025, 1, 1), 10), (dt.date(2025, 6, 1), 8)]
    assert [one.value for one in values.coming("suspended_points", dt.date(2025, 1, 1))] == [8]
    assert values.coming("suspended_points", dt.date(2025, 6, 1)) == []


def test_a_change_knows_what_it_replaced_and_whether_it_still_stands(settings: Settings) -> None:
    day = dt.date(2025, 1, 1)
    settings.set("suspended_points", "10", day, "一", "fx01")
    settings.set("suspended_points", "11", day, "二", "fx01")
    settings.set("suspended_points", "8", dt.date(2024, 1, 1), "补记", "fx01")
    told = [(one.before, one.change.value, one.stands) for one in settings.now().recorded("suspended_points")]
    assert told == [(9, "10", False), (10, "11", True), (9, "8", True)]


def test_undoing_gives_the_value_before_back_from_the_same_day_by_a_new_record(settings: Settings) -> None:
    day = dt.date(2025, 1, 1)
    settings.set("suspended_points", "10", dt.date(2024, 1, 1), "一", "fx01")
    settings.set("suspended_points", "11", day, "二", "fx01")
    first, second = (change.setting_id for change in settings.history("suspended_points"))
    settings.undo(second, "作废", "fx02")
    assert settings.get("suspended_points", day) == 10
    settings.undo(first, "也作废", "fx02")
    now = settings.now().setting("suspended_points", dt.date(2024, 6, 1))
    assert (now.value, now.set_by, now.why) == (9, "fx02", "也作废")
    assert [change.value for change in settings.history("suspended_points")] == [
        "10",
        "11",
        "10",
        "恢复随系统值",
    ]


def test_a_change_replaced_on_its_own_day_is_not_undone(settings: Settings) -> None:
    day = dt.date(2025, 1, 1)
    settings.set("suspended_points", "10", day, "一", "fx01")
    settings.set("suspended_points", "11", day, "二", "fx01")
    first = settings.history("suspended_points")[0].setting_id
    with pytest.raises(UsageError, match="已被同一生效日的后一次变更取代"):
        settings.undo(first, "作废", "fx02")
    with pytest.raises(UsageError, match="没有编号为 99 的变更"):
        settings.undo(99, "作废", "fx02")


def test_the_shipped_value_comes_back_from_a_day_on(settings: Settings) -> None:
    settings.set("target.recovery_rate", "95", None, "一", "fx01")
    settings.set("target.recovery_rate", "恢复随系统值", dt.date(2025, 1, 1), "二", "fx01")
    values = settings.now()
    assert values.target("recovery_rate", dt.date(2024, 12, 31)) == "95"
    assert values.target("recovery_rate", dt.date(2025, 1, 1)) is None


def test_every_change_is_in_the_audit_log_whoever_made_it(settings: Settings, tmp_path: Path) -> None:
    settings.set("suspended_points", "10", dt.date(2025, 1, 1), "新规", "fx01")
    [event] = listing(engine(Home(tmp_path / "home")))
    assert (event.user, event.action, event.object) == ("fx01", "修改设置", "suspended_points")
    assert event.detail == {"before": "9", "after": "10", "since": "2025-01-01", "why": "新规"}


@pytest.mark.parametrize("key", sorted(parameters()))
def test_every_parameter_says_where_it_acts(key: str) -> None:
    assert acts_of(key).said() != "—"


def test_a_reason_that_does_not_fit_is_refused_not_cut(settings: Settings) -> None:
    with pytest.raises(UsageError, match="不超过 400 字"):
        settings.set("suspended_points", "10", None, "长" * 401, "fx01")
    assert settings.version == "0"
