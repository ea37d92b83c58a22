"""领导小组会议: every role, what must be said before closing, decisions, comparison, presentation, pack."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import ABILITIES, STAFF, Ability, Role
from fundwatch.draws.lots import Signer
from fundwatch.home import HOME_VARIABLE
from fundwatch.meetings.brief import agenda, brief_of, close, headline
from fundwatch.meetings.comments import NewComment, comments, give
from fundwatch.meetings.decisions import NewDecision, Progress, carried, decide, decided
from fundwatch.meetings.facts import Facts
from fundwatch.meetings.findings import findings
from fundwatch.meetings.freeze import facts_of
from fundwatch.meetings.store import NewMeeting, State, add_meeting, get_meeting, meetings
from fundwatch.ui.meeting_views import PARTS

PATH = "pages/meeting/leading_group.py"
SIGNER = Signer("fx01", "分析员01")
DUE = dt.date(2026, 12, 20)
PREPARES = ABILITIES[Ability.PREPARE_MEETING]


@pytest.fixture
def draft(held, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(held.root))
    return held, meetings(held)[0]


def say_all(home, meeting) -> None:
    for line in facts_of(meeting).red:
        give(home, meeting, line.id, NewComment("原因甲", "措施乙", "审核科负责人", DUE), SIGNER)


def closed(home, meeting):
    say_all(home, meeting)
    decide(home, meeting, NewDecision("事中审核组", "清理积压单据", "审核科负责人", DUE), SIGNER)
    return close(home, brief_of(home, meeting), SIGNER)


def later(home, one, day: dt.date):
    names = ("version", "settings_version", "period_start", "period_end", "facts", "facts_hash")
    return add_meeting(
        home, NewMeeting(day, "第二次会议", **{name: getattr(one, name) for name in names}), SIGNER
    )


@pytest.mark.parametrize("role", list(Role))
def test_every_role_sees_drafts_or_closed_meetings_as_is_its_business(meeting_home, monkeypatch, role):
    monkeypatch.setenv(HOME_VARIABLE, str(meeting_home.root))
    app = screen_of(meeting_home, PATH, role)
    assert not app.exception
    assert not app.error
    if role not in STAFF:
        assert [title.value for title in app.title] == ["没有查看权限"]
        return
    assert [title.value for title in app.title] == ["领导小组会议"]
    words = texts(app)
    if role in PREPARES:
        assert headline(brief_of(meeting_home, meetings(meeting_home)[0])) in words
    else:
        assert "还没有定稿的会议" in words
        assert not sheets(app)


@pytest.mark.parametrize("role", [Role.LEADER, Role.ANALYST])
def test_each_part_of_a_draft(meeting_home, monkeypatch, role):
    monkeypatch.setenv(HOME_VARIABLE, str(meeting_home.root))
    for part in PARTS:
        app = screen_of(meeting_home, PATH, role, part=part)
        assert not app.exception
        assert not app.error
        labels = {button.label for button in app.button}
        assert ("保存说明" in labels) == (part == "red")
        assert ("登记决定" in labels) == (part == "decisions")
        assert ("冻结数据并新建" in labels) == (part == "all")
        assert ("核对并定稿" in labels) == (part == "all" and role in ABILITIES[Ability.CLOSE_MEETING])


def test_others_read_a_closed_meeting_and_write_nothing(draft):
    home, meeting = draft
    closed(home, meeting)
    for role in sorted(STAFF - PREPARES):
        app = screen_of(home, PATH, role, part="decisions")
        assert not app.exception
        assert "清理积压单据" in sheets(app)
        assert not {"登记决定", "保存办理情况", "撤销"} & {b.label for b in app.button}
    for part in ("red", "all"):
        app = screen_of(home, PATH, Role.INSPECTOR, part=part)
        assert not {"保存说明", "冻结数据并新建", "核对并定稿", "作废本次会议"} & {
            b.label for b in app.button
        }


def test_one_question_asks_whether_the_files_are_for_others(draft):
    home, _ = draft
    app = screen_of(home, PATH, Role.ANALYST)
    assert [box.label for box in app.checkbox if "对外提供" in box.label] == ["对外提供(隐去过小的人数)"]


def test_the_agenda_and_what_is_missing_stand_on_the_screen(draft):
    home, meeting = draft
    app = screen_of(home, PATH, Role.ANALYST)
    brief = brief_of(home, meeting)
    for item in agenda(brief):
        assert item.heading in sheets(app)
    assert f"还有 {len(brief.missing)} 项未达标指标没有说明,不能定稿" in texts(app)
    assert brief.missing[0].name in texts(app)
    red = sheets(screen_of(home, PATH, Role.ANALYST, part="red"))
    assert red.count("缺说明") == len(brief.missing)


def test_a_comment_is_written_and_a_gap_is_named(draft):
    home, meeting = draft
    app = screen_of(home, PATH, Role.ANALYST, part="red")
    app.button(key=next(b.key for b in app.button if b.label == "保存说明")).click().run()
    assert [error.value for error in app.error] == ["请填写原因。"]
    app = screen_of(home, PATH, Role.ANALYST, part="red")
    line_id = app.selectbox[0].value
    cause, measure = app.text_area
    cause.set_value("接口改造滞后")
    measure.set_value("每周调度")
    app.text_input[0].set_value("协议管理科负责人")
    app.date_input[0].set_value(DUE)
    next(b for b in app.button if b.label == "保存说明").click().run()
    assert not app.error
    assert comments(home, meeting)[line_id].cause == "接口改造滞后"
    assert "已保存" in texts(app)


def test_decisions_are_written_reported_and_come_back(draft):
    home, meeting = draft
    app = screen_of(home, PATH, Role.GROUP_MEMBER, part="decisions")
    app.text_area[0].set_value("月底前完成接入")
    app.text_input[0].set_value("协议管理科负责人")
    app.date_input[0].set_value(DUE)
    next(b for b in app.button if b.label == "登记决定").click().run()
    assert not app.error
    assert [one.text for one in decided(home, meeting)] == ["月底前完成接入"]
    say_all(home, meeting)
    close(home, brief_of(home, meeting), SIGNER)
    second = later(home, meeting, dt.date(2026, 12, 25))
    app = screen_of(home, PATH, Role.ANALYST, part="decisions")
    assert "逾期" in sheets(app)
    form = next(b for b in app.button if b.label == "保存办理情况")
    next(s for s in app.selectbox if s.label == "办理情况").set_value("已完成")
    next(d for d in app.date_input if d.label.startswith("完成日期")).set_value(dt.date(2026, 12, 18))
    form.click().run()
    assert not app.error
    assert [one.progress for one in carried(home, second)] == [Progress.DONE]


def test_closing_is_offered_when_nothing_is_missing_and_checks_the_numbers(draft):
    home, meeting = draft
    button = next(b for b in screen_of(home, PATH, Role.LEADER, part="all").button if b.label == "核对并定稿")
    assert button.disabled
    say_all(home, meeting)
    app = screen_of(home, PATH, Role.LEADER, part="all")
    next(b for b in app.button if b.label == "核对并定稿").click().run()
    assert not app.error
    assert get_meeting(home, meeting.meeting_id).state is State.CLOSED
    assert "全部数字与冻结版本一致" in texts(app)


def test_cancelling_needs_a_reason(draft):
    home, meeting = draft
    app = screen_of(home, PATH, Role.LEADER, part="all")
    next(b for b in app.button if b.label == "作废本次会议").click().run()
    assert [error.value for error in app.error] == ["请写明作废的理由。"]
    assert get_meeting(home, meeting.meeting_id).state is State.DRAFT


def test_a_meeting_is_made_by_click_from_the_served_version(draft, monkeypatch):
    home, meeting = draft
    facts = facts_of(meeting)
    monkeypatch.setattr("fundwatch.meetings.freeze.read_facts", lambda *_: facts)
    app = screen_of(home, PATH, Role.ANALYST, part="all")
    app.date_input[0].set_value(dt.date(2026, 11, 20))
    next(b for b in app.button if b.label == "冻结数据并新建").click().run()
    assert not app.error
    assert [one.held_on for one in meetings(home)] == [dt.date(2026, 11, 20), meeting.held_on]
    assert "冻结版本" in texts(app)


def test_the_first_meeting_starts_from_an_empty_screen(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    assert "冻结数据并新建" in {b.label for b in screen_of(demo_home, PATH, Role.ANALYST).button}


def test_what_the_county_does_not_have_says_so(taihe_meeting_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_meeting_home.root))
    app = screen_of(taihe_meeting_home, PATH, Role.LEADER, part="groups")
    assert not app.exception
    assert "没有数值,所需数据尚未载入" in "\n".join(one.value for one in app.subheader).replace("\\", "")
    assert "从未载入" in sheets(screen_of(taihe_meeting_home, PATH, Role.LEADER))


def test_the_presentation_has_every_finding_and_escapes_what_people_wrote(draft):
    home, meeting = draft
    red = facts_of(meeting).red[0]
    give(home, meeting, red.id, NewComment("<b>甲</b>", "措施", "岗", DUE), SIGNER)
    app = screen_of(home, PATH, Role.LEADER)
    (data,) = [
        found
        for element in app.get("bidi_component")
        if "count" in (found := json.loads(element.proto.json or "{}"))
    ]
    shown = findings(brief_of(home, meeting))
    assert data["count"] == len(shown)
    assert data["html"].count("<section") == len(shown)
    assert "<b>甲" not in data["html"]
    assert "&lt;b&gt;甲" in data["html"]
    assert isinstance(facts_of(meeting), Facts)


def test_the_pack_is_offered_whole_and_by_file(meeting_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(meeting_home.root))
    app = screen_of(meeting_home, PATH, Role.LEADER)
    labels = [element.proto.label for element in app.get("download_button")]
    assert labels == ["全套材料(四种格式)", "PPTX 演示稿", "DOCX 公文", "PDF", "Excel(含口径)"]
