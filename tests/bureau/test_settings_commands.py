"""`settings list|set|history`: what holds on a day, what comes, and every change with before and after."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from fundwatch.bureau import record_change
from fundwatch.cli.app import run
from fundwatch.clock import china_today
from fundwatch.home import HOME_VARIABLE, Home

TODAY = china_today()
LATER = TODAY + dt.timedelta(days=30)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    home = Home(tmp_path / "home").ensure()
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    return home


def said(capsys, *words: str):
    capsys.readouterr()
    assert run(["settings", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_value_of_a_later_day_is_told_as_coming_and_holds_on_its_day(home, capsys):
    recorded = said(capsys, "set", "suspended_points", "8", "--from", str(LATER), "--why", "市局考核办法")
    assert recorded[0] | {"at": ""} == {
        "at": "", "item": "支付资格记分关注线", "key": "suspended_points", "before": "9", "after": "8",
        "from": str(LATER), "why": "市局考核办法", "by": "命令行",
    }  # fmt: skip
    now = {row["key"]: row for row in said(capsys, "list")}["suspended_points"]
    then = {row["key"]: row for row in said(capsys, "list", "--on", str(LATER))}["suspended_points"]
    assert (now["value"], now["by"], now["coming"]) == (9, None, [{"from": str(LATER), "value": 8}])
    assert (then["value"], then["by"], then["coming"]) == (8, "命令行", None)


def test_a_target_of_a_later_day_leaves_the_declared_one_in_force_and_is_listed_once(home, capsys):
    said(capsys, "set", "target.inspection_coverage", "95", "--from", str(LATER), "--why", "试行")
    [now] = [row for row in said(capsys, "list") if row["key"] == "target.inspection_coverage"]
    [then] = [
        row for row in said(capsys, "list", "--on", str(LATER)) if row["key"] == "target.inspection_coverage"
    ]
    assert (now["value"], now["coming"]) == ("100", [{"from": str(LATER), "value": "95"}])
    assert (then["value"], then["why"]) == ("95", "试行")


def test_history_names_every_change_newest_first_rows_of_lists_too(home, capsys):
    said(capsys, "set", "county_name", "示范县")
    said(capsys, "set", "county_name", "示范市", "--why", "撤县设市")
    record_change(
        home,
        "event_mark",
        {"event_date": "2026-01-01", "title": "DRG 上线"},
        effective_from=TODAY,
        why="县局通知",
        by="fx01",
    )
    rows = said(capsys, "history")
    assert [(row["key"], row["before"], row["after"]) for row in rows] == [
        ("event_mark", None, "日期 2026-01-01,事件 DRG 上线"),
        ("county_name", "示范县", "示范市"),
        ("county_name", None, "示范县"),
    ]
    assert [row["key"] for row in said(capsys, "history", "event_mark")] == ["event_mark"]
    assert [row["why"] for row in said(capsys, "history", "county_name")] == ["撤县设市", "未说明"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["history", "no_such_key"], "没有参数 no_such_key"),
        (["list", "--on", "31.12.2026"], "--on 的日期"),
        (["set", "suspended_points", "13"], "超出范围 1 至 12"),
        (["set", "target.inspection_coverage", "9-6"], "下限大于上限"),
    ],
)
def test_wrong_usage_is_one_chinese_sentence(home, capsys, words, told):
    assert run(["settings", *words]) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.out == ""


def test_tables_are_printed_without_a_format(home, capsys):
    assert run(["settings", "set", "county_name", "示范县"]) == 0
    assert run(["settings", "history"]) == 0
    assert "示范县" in capsys.readouterr().out
