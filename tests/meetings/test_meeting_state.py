"""Meetings: frozen numbers, the required word on red indicators, decisions that come back, a log line for every write."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from held_meeting import ANALYST, LEADER, first, say_everything
from sqlalchemy import update

from fundwatch.build.publish import drop_old, serving_file, versions
from fundwatch.errors import UsageError, UserError
from fundwatch.kpi import declarations, evaluate, standing
from fundwatch.meetings import decisions as decided_on
from fundwatch.meetings.brief import agenda, brief_of, close
from fundwatch.meetings.comments import NewComment, comments, give
from fundwatch.meetings.decisions import NewDecision, NewReport, Progress, carried, decide, decided
from fundwatch.meetings.facts import as_text, from_text
from fundwatch.meetings.freeze import facts_of, make_meeting
from fundwatch.meetings.groups import SECTIONS
from fundwatch.meetings.held import held_versions
from fundwatch.meetings.store import NewMeeting, State, add_meeting, end_meeting, get_meeting
from fundwatch.meetings.tables import MEETING
from fundwatch.settings import Settings
from fundwatch.state.audit import listing, verify
from fundwatch.state.db import engine
from fundwatch.warehouse import open_warehouse

DUE = dt.date(2026, 12, 20)


def again(home, day: dt.date, title: str = "第二次会议"):
    """A later meeting on the same numbers, without reading them anew."""
    one = first(home)
    names = ("version", "settings_version", "period_start", "period_end", "facts", "facts_hash")
    return add_meeting(home, NewMeeting(day, title, **{name: getattr(one, name) for name in names}), ANALYST)


def test_the_frozen_numbers_are_the_engine_s_to_the_last_digit(meeting_home):
    meeting = first(meeting_home)
    facts = facts_of(meeting)
    with open_warehouse(meeting_home, meeting.version) as warehouse:
        found = evaluate(warehouse, Settings(meeting_home), None, meeting.period_start, meeting.period_end)
    values = {(value.kpi, value.key if value.by else None): value for value in found}
    known = [line for line in facts.lines if (line.kpi, line.insutype) in values]
    assert len(known) > 70
    for line in known:
        value = values[line.kpi, line.insutype]
        if value.data_through is not None:
            assert (line.numerator, line.denominator, line.number, line.goal) == (
                value.numerator,
                value.denominator,
                value.value,
                value.target,
            )
            assert line.is_red == (standing(declarations()[line.kpi], value) == "bad")


def test_facts_survive_the_way_through_json(meeting_home):
    facts = facts_of(first(meeting_home))
    assert from_text(as_text(facts)) == facts
    assert isinstance(facts.red[0].number, Decimal)


def test_tampered_numbers_are_refused(held):
    with engine(held).begin() as connection:
        connection.execute(update(MEETING).values(facts=MEETING.c.facts + " "))
    with pytest.raises(UserError, match="指纹不一致"):
        facts_of(first(held))


def test_every_part_of_the_loop_has_its_section():
    parts = [part for section in SECTIONS.values() for part in section]
    assert sorted(parts) == sorted({kpi.group for kpi in declarations().values()})


def test_the_agenda_names_red_indicators_tasks_and_cases(meeting_home):
    found = {item.heading: item.words for item in agenda(brief_of(meeting_home, first(meeting_home)))}
    facts = facts_of(first(meeting_home))
    assert f"未达标 {sum(line.part == '事前提醒' for line in facts.red)} 项" in found["事前提醒组工作情况"]
    assert f"案件 {facts.case_totals.count} 件" in found["大额案件"]
    assert "逾期" in found["逾期任务"]
    assert "上次会议决定的落实" not in found


def test_large_cases_are_the_ledger_s_by_recorded_amount(meeting_home):
    meeting = first(meeting_home)
    facts = facts_of(meeting)
    with open_warehouse(meeting_home, meeting.version) as warehouse:
        rows = warehouse.query(
            "select case_id, coalesce(fraud_amt, 0) + coalesce(vola_amt, 0) as found from fct_case "
            "where (fraud_amt is not null or vola_amt is not null) and opened_date <= $day "
            "and (closed_date is null or closed_date >= $first) order by found desc, case_id",
            {"day": facts.day, "first": meeting.period_start},
        ).to_pylist()
    assert [case.case_id for case in facts.cases] == [row["case_id"] for row in rows[: len(facts.cases)]]
    assert facts.case_totals.count == len(rows)
    assert facts.case_totals.found == sum(row["found"] for row in rows)


def test_tables_never_loaded_are_named(taihe_meeting_home):
    facts = facts_of(first(taihe_meeting_home))
    assert facts.no_tasks == "未载入数据:“任务台账”表从未载入"
    assert facts.no_cases == ""
    found = {
        item.heading: item.words for item in agenda(brief_of(taihe_meeting_home, first(taihe_meeting_home)))
    }
    assert found["逾期任务"] == facts.no_tasks
    assert "从未载入" in found["事中审核组工作情况"]


def test_a_meeting_cannot_be_closed_while_a_red_indicator_lacks_its_comment(held):
    meeting = first(held)
    red = facts_of(meeting).red
    with pytest.raises(UserError, match=f"还有 {len(red)} 项未达标指标没有说明,不能定稿:{red[0].name}"):
        close(held, brief_of(held, meeting), LEADER)
    say_everything(held, meeting)
    assert brief_of(held, meeting).missing == ()
    closed = close(held, brief_of(held, meeting), LEADER)
    assert (closed.state, closed.ended_by) == (State.CLOSED, "局领导01")
    with pytest.raises(UserError, match="已经定稿,不能再改"):
        give(held, meeting, red[0].id, NewComment("迟", "迟", "岗", DUE), ANALYST)
    with pytest.raises(UserError, match="已经定稿,不能再改"):
        decide(held, meeting, NewDecision("办公室", "迟", "岗", DUE), ANALYST)
    with pytest.raises(UserError, match="已经定稿"):
        end_meeting(held, meeting, State.CANCELLED, "误", LEADER)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cause": "  "}, "请填写原因"),
        ({"measure": ""}, "请填写措施"),
        ({"owner": ""}, "请填写责任人"),
        ({"due": None}, "请填写完成时限"),
        ({"due": dt.date(2026, 11, 4)}, "早于会议日期"),
        ({"cause": "长" * 401}, "不超过 400 字"),
    ],
)
def test_a_comment_lacks_nothing(held, given, said):
    whole = NewComment("原因", "措施", "审核科负责人", DUE)
    with pytest.raises(UserError, match=said):
        give(held, first(held), "first_review_rate", replace(whole, **given), ANALYST)
    assert comments(held, first(held)) == {}


def test_the_later_comment_stands_and_personal_numbers_are_masked(held):
    meeting = first(held)
    give(held, meeting, "first_review_rate", NewComment("早", "措施", "岗", DUE), ANALYST)
    give(
        held,
        meeting,
        "first_review_rate",
        NewComment("电话13812345678核实", "措施", "审核科", DUE),
        ANALYST,
    )
    found = comments(held, meeting)["first_review_rate"]
    assert "13812345678" not in found.cause
    assert found.owner == "审核科"


def test_decisions_come_back_at_the_next_meeting_with_their_state(held):
    meeting = first(held)
    for text, due in (("甲", DUE), ("乙", dt.date(2026, 11, 20)), ("丙", DUE), ("丁", DUE)):
        decide(held, meeting, NewDecision("事中审核组", text, "审核科负责人", due), ANALYST)
    slip = decided(held, meeting)[3]
    decided_on.report(held, slip, NewReport(Progress.WITHDRAWN, "写错", None), ANALYST)
    assert [one.text for one in decided(held, meeting)] == ["甲", "乙", "丙"]
    say_everything(held, meeting)
    meeting = close(held, brief_of(held, meeting), LEADER)
    second = again(held, dt.date(2026, 12, 1))
    found = {one.text: one for one in carried(held, second)}
    assert {text: one.progress for text, one in found.items()} == {
        "甲": Progress.RUNNING,
        "乙": Progress.LATE,
        "丙": Progress.RUNNING,
    }
    decided_on.report(held, found["丙"], NewReport(Progress.DONE, "已办", dt.date(2026, 11, 25)), ANALYST)
    assert {one.text: one.progress for one in carried(held, second)}["丙"] is Progress.DONE
    assert [one.progress for one in decided(held, meeting, meeting.ended_at)] == [Progress.RUNNING] * 3
    say_everything(held, second)
    close(held, brief_of(held, second), LEADER)
    third = again(held, dt.date(2027, 1, 5), "第三次会议")
    assert {one.text: one.progress for one in carried(held, third)} == {
        "甲": Progress.LATE,
        "乙": Progress.LATE,
    }
    # what became known later changes nothing in the minutes of the second meeting
    decided_on.report(held, found["甲"], NewReport(Progress.DONE, "", dt.date(2027, 1, 4)), ANALYST)
    second = get_meeting(held, second.meeting_id)
    assert {one.text: one.progress for one in carried(held, second)}["甲"] is Progress.RUNNING


def test_a_finished_decision_needs_a_day_that_fits(held):
    meeting = first(held)
    decide(held, meeting, NewDecision("办公室", "甲", "办公室", DUE), ANALYST)
    (one,) = decided(held, meeting)
    with pytest.raises(UserError, match="须填写完成日期"):
        decided_on.report(held, one, NewReport(Progress.DONE, "", None), ANALYST)
    with pytest.raises(UserError, match="早于作出决定的会议"):
        decided_on.report(
            held, one, NewReport(Progress.DONE, "", meeting.held_on - dt.timedelta(days=1)), ANALYST
        )
    with pytest.raises(UserError, match="责任工作组只能是"):
        decide(held, meeting, NewDecision("某科", "甲", "办公室", DUE), ANALYST)


def test_a_cancelled_meeting_needs_a_reason_and_frees_its_version(held):
    meeting = first(held)
    assert held_versions(held) == {meeting.version}
    with pytest.raises(UserError, match="作废的理由"):
        end_meeting(held, meeting, State.CANCELLED, " ", LEADER)
    end_meeting(held, meeting, State.CANCELLED, "日期有误", LEADER)
    assert held_versions(held) == frozenset()
    assert first(held).state is State.CANCELLED


def test_every_write_leaves_a_line_in_a_sound_log(held):
    meeting = first(held)
    before = len(listing(engine(held), 1000, "会议"))
    give(held, meeting, "first_review_rate", NewComment("原因", "措施", "岗", DUE), ANALYST)
    decide(held, meeting, NewDecision("办公室", "甲", "办公室", DUE), ANALYST)
    decided_on.report(held, decided(held, meeting)[0], NewReport(Progress.RUNNING, "在办"), ANALYST)
    end_meeting(held, meeting, State.CANCELLED, "日期有误", LEADER)
    events = listing(engine(held), 1000, "会议")
    assert [event.detail["act"] for event in events[:4]] == ["作废", "决定办理情况", "决定", "红色指标说明"]
    assert len(events) == before + 4
    assert verify(engine(held)).sound


def test_a_meeting_before_the_newest_data_ends_its_period_on_its_own_day(meeting_home, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "fundwatch.meetings.freeze.read_facts",
        lambda warehouse, values, version, period, today: asked.append((period, today)) or 1 / 0,
    )
    with pytest.raises(ZeroDivisionError):
        make_meeting(meeting_home, dt.date(2026, 6, 30), ANALYST)
    period, today = asked[0]
    assert (period.start, period.end, today) == (
        dt.date(2026, 1, 1),
        dt.date(2026, 6, 30),
        dt.date(2026, 6, 30),
    )


def test_unknown_meetings_are_refused(meeting_home):
    with pytest.raises(UsageError, match="没有编号为 M1 的会议"):
        get_meeting(meeting_home, "M1")


def test_pruning_keeps_what_a_meeting_stands_on(held):
    (version,) = versions(held)
    later = version[:-3] + f"{int(version[-3:]) + 1:03d}" if version[-3:] != "999" else None
    assert later is not None
    serving_file(held, later).write_bytes(serving_file(held, version).read_bytes())
    (held.warehouse / "CURRENT").write_text(serving_file(held, later).name + "\n", encoding="utf-8")
    drop_old(held, 1, held_versions(held))
    assert versions(held) == [version, later]
    drop_old(held, 1)
    assert versions(held) == [later]
