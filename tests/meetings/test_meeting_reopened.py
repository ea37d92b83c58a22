"""A meeting shows its own numbers after three later builds, and the next one is compared with it, each from its own version."""

from __future__ import annotations

import datetime as dt

from held_meeting import ANALYST, first

from fundwatch.build.publish import current_version, versions
from fundwatch.cli.app import run
from fundwatch.kpi import evaluate
from fundwatch.meetings.brief import brief_of
from fundwatch.meetings.freeze import make_meeting, reread
from fundwatch.settings import Settings
from fundwatch.warehouse import open_warehouse

KPI = "case_on_time_rate"
HEAD = "case_id,case_souc,title,opened_date,vola_amt,due_date,closed_date,case_stas"


def value(home, meeting, version):
    with open_warehouse(home, version) as warehouse:
        values = Settings(home).as_of(meeting.settings_version)
        return evaluate(warehouse, values, [KPI], meeting.period_start, meeting.period_end)[0]


def test_a_meeting_reopened_after_three_later_builds_shows_its_own_numbers(held, tmp_path):
    meeting = first(held)
    own = brief_of(held, meeting).facts.line(KPI)
    where = ["--home", str(held.root)]
    Settings(held).set("warehouse_versions_kept", "1", None, "测试", "测试")
    Settings(held).set(f"target.{KPI}", "50", None, "测试", "测试")
    for number in range(3):
        file = tmp_path / f"clue_case_{number}.csv"
        row = f"XZ-{number},稽核,新增案件,2026-02-0{number + 1},990000{number}.00,2026-05-10,,核查中"
        file.write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
        assert run(["load", str(file), *where]) == 0
        assert run(["build", *where]) == 0
    newest = current_version(held)
    assert versions(held) == [meeting.version, newest]

    again = brief_of(held, meeting).facts
    assert again.line(KPI) == own
    then, now = value(held, meeting, meeting.version), value(held, meeting, newest)
    assert (own.numerator, own.denominator, own.number, own.goal) == (
        then.numerator,
        then.denominator,
        then.value,
        "100",
    )
    assert now.denominator == then.denominator + 3
    assert reread(held, meeting) == []

    second = make_meeting(held, dt.date(2026, 11, 25), ANALYST)
    brief = brief_of(held, second)
    change = next(one for one in brief.changes if one.line.id == KPI)
    assert (change.before.number, change.line.number) == (then.value, now.value)
    assert (change.before.goal, change.line.goal) == ("100", "50")
    assert change.difference.startswith("-")
    assert change.tone == "bad"
    assert brief.facts.cases[0].case_id == "XZ-2"
    assert all(not case.case_id.startswith("XZ") for case in again.cases)
    assert brief.before.meeting_id == meeting.meeting_id
