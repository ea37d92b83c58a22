"""Completeness, deadlines, and what `build` and `status` print."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from lake_home import put, run_build

from fundwatch.cli.app import run
from fundwatch.quality import completeness, deadlines, months_between, status, table_states
from fundwatch.warehouse import open_warehouse


def states(home):
    run_build(home)
    with open_warehouse(home) as warehouse:
        return table_states(warehouse)


def test_each_table_counts_from_its_own_first_month_to_the_newest(home):
    put(home, "enrolment", *[{"month": month, "persons": 1} for month in ("2024-01", "2024-02", "2024-04")])
    put(home, "fund_ledger", {"month": "2024-03", "amt": "1", "category": "待遇"})
    found = completeness(states(home))
    assert (found.to, found.loaded, found.expected) == ("2024-04", 4, 6)
    assert found.missing == (("enrolment", "2024-03"), ("fund_ledger", "2024-04"))
    assert found.pct == Decimal("66.6666666667")
    assert "setl_d" in found.never_loaded
    assert "enrolment" not in found.never_loaded


def test_completeness_is_taken_up_to_the_day_asked_for(home):
    put(home, "enrolment", *[{"month": month, "persons": 1} for month in ("2024-01", "2024-03")])
    found = states(home)
    assert completeness(found, dt.date(2024, 1, 31)).pct == 100
    assert completeness(found, dt.date(2024, 4, 1)).expected == 4
    assert completeness(found, dt.date(2023, 12, 31)).pct is None


def test_ledgers_of_events_are_not_expected_every_month(home):
    put(home, "inspection", {"insp_date": "2024-01-05"})
    put(home, "event_mark", {"event_date": "2020-01-05"})
    assert completeness(states(home)).expected == 0
    assert completeness(states(home)).pct is None


def test_months_between_crosses_the_year():
    assert months_between("2023-11", "2024-02") == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert months_between("2024-02", "2024-01") == []


def test_data_reach_to_the_last_day_not_after_the_day_of_loading(home):
    put(
        home,
        "setl_d",
        {"setl_id": "1", "setl_time": "2024-05-31 23:00:00"},
        {"setl_id": "2", "setl_time": "2024-06-05"},
        {"setl_id": "3", "setl_time": "2099-01-01"},
        loaded_at="2024-06-10T08:00:00",
    )
    put(home, "enrolment", {"month": "2024-02"}, loaded_at="2024-06-10T08:00:00")
    found = {state.table: state for state in states(home)}
    assert found["setl_d"].first_date == dt.date(2024, 5, 31)
    assert found["setl_d"].data_through == dt.date(2024, 6, 5)
    assert found["setl_d"].months == ("2024-05", "2024-06", "2099-01")
    assert found["enrolment"].data_through == dt.date(2024, 2, 29)
    with open_warehouse(home) as warehouse:
        assert warehouse.meta["load_date"] == "2024-06-10"
        assert warehouse.meta["first_data"] == "2024-02-01"


def test_deadlines_tell_late_from_soon(home):
    put(
        home,
        "work_plan",
        {"task_id": "late", "due_date": "2024-05-31"},
        {"task_id": "today", "due_date": "2024-06-01"},
        {"task_id": "soon", "due_date": "2024-07-01"},
        {"task_id": "far", "due_date": "2024-07-02"},
        {"task_id": "done", "due_date": "2024-05-01", "done_date": "2024-06-01"},
    )
    run_build(home)
    with open_warehouse(home) as warehouse:
        tasks = {item.kind: item for item in deadlines(warehouse, dt.date(2024, 6, 1))}["任务"]
    assert (tasks.overdue, tasks.due_soon, tasks.next_due) == (1, 2, dt.date(2024, 6, 1))


@pytest.mark.parametrize(
    ("today", "clock", "overdue"),
    [
        # a week after the newest event the data are still read on today's date, a day later they are not
        ("2024-06-08", "2024-06-08", 2),
        ("2024-06-09", "2024-06-01", 1),
    ],
)
def test_status_reads_old_data_on_their_newest_day(home, today, clock, overdue):
    put(home, "complaint", {"cmpl_id": "1", "recv_date": "2024-06-01"})
    put(
        home,
        "work_plan",
        {"task_id": "late", "due_date": "2024-05-31"},
        {"task_id": "due", "due_date": "2024-06-07"},
    )
    run_build(home)
    found = status(home, dt.date.fromisoformat(today))
    assert found.deadlines_on == dt.date.fromisoformat(clock)
    assert {item.kind: item.overdue for item in found.deadlines}["任务"] == overdue


def test_status_tells_what_was_loaded_after_the_build(home):
    put(home, "finding", {})
    run_build(home)
    assert status(home).not_built == ()
    put(home, "finding", {"amt": "2"})
    assert status(home).not_built == ("finding",)


def read_json(capsys, arguments):
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def here(home, monkeypatch):
    monkeypatch.setenv("FUNDWATCH_HOME", str(home.root))
    return home


def test_build_prints_version_engine_months_seconds_and_rows(here, capsys):
    put(here, "setl_d", {"setl_time": "2024-05-01"})
    built = read_json(capsys, ["build"])
    assert built["engine"] == "duckdb"
    assert built["changed"] is True
    assert built["months"] == ["2024-05"]
    assert built["rows"]["fct_settlement_month"] == 1
    assert {"stg_setl_d", "fct_settlement_month"} <= built["seconds"].keys()
    again = read_json(capsys, ["build"])
    assert (again["version"], again["changed"], again["months"]) == (built["version"], False, [])


def test_build_in_words_says_that_nothing_changed(here, capsys):
    assert run(["build"]) == 0
    assert "已发布版本" in capsys.readouterr().out
    assert run(["build"]) == 0
    assert "没有变化" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status_code", "words"),
    [
        (["build", "--engine", "trino"], 2, "duckdb 或 spark"),
        (["build", "--from", "2024-5"], 2, "YYYY-MM"),
    ],
)
def test_wrong_usage_is_refused_in_one_line(here, capsys, arguments, status_code, words):
    assert run(arguments) == status_code
    assert words in capsys.readouterr().err


def test_a_failed_check_ends_with_1_and_names_the_rows(here, capsys):
    put(here, "finding", {"finding_id": "F1"}, {"finding_id": "F1"})
    assert run(["build"]) == 1
    assert "finding_id=F1(2 行)" in capsys.readouterr().err


def test_status_before_and_after_the_first_build(here, capsys):
    empty = read_json(capsys, ["status"])
    assert (empty["version"], empty["completeness"], empty["tables"]) == (None, None, [])
    put(here, "enrolment", {"month": "2024-01"})
    run_build(here)
    found = read_json(capsys, ["status"])
    assert found["completeness"]["pct"] == "100.0000000000"
    assert found["tables"][0]["data_through"] == "2024-01-31"
    assert found["loads"][0]["table"] == "enrolment"
    assert found["quarantine"] == {"rows": 0, "by_table": {}}
    assert found["disk"]["serving_file"] > 0
    assert run(["status"]) == 0
    assert "完整度 100.0%" in capsys.readouterr().out


def test_status_of_a_home_that_is_not_there_is_refused(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("FUNDWATCH_HOME", str(tmp_path / "nowhere"))
    assert run(["status"]) == 1
    assert "不存在" in capsys.readouterr().err
