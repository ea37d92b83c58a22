"""领导小组会议 drawn: agenda, red indicators with what was said of them, the groups, comparison, decisions, all meetings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from fundwatch import numbers
from fundwatch.access import Ability
from fundwatch.draws.lots import Signer
from fundwatch.meetings import compare
from fundwatch.meetings import tables_shown as shown
from fundwatch.meetings.brief import ALERTS_HEADING, Brief, agenda, alert_words
from fundwatch.meetings.decisions import Progress
from fundwatch.meetings.facts import FactLine, Tone
from fundwatch.meetings.findings import findings
from fundwatch.meetings.groups import DUTIES
from fundwatch.meetings.store import Meeting, State
from fundwatch.ui import address
from fundwatch.ui.meeting_forms import (
    comment_form,
    decision_form,
    end_form,
    new_meeting_form,
    report_form,
    withdraw_form,
)
from fundwatch.ui.meeting_sheets import MEETING, meetings_sheet, table_sheet
from fundwatch.ui.part import choose_part
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.stage import stage
from fundwatch.ui.words import escaped

PROGRESS_TONES: dict[Progress, Tone] = {
    Progress.DONE: "good",
    Progress.LATE: "bad",
    Progress.RUNNING: "neutral",
}


@dataclass(frozen=True)
class Scene:
    """What every part is made of."""

    page: Page
    brief: Brief
    seen: Sequence[Meeting]

    @property
    def may_write(self) -> bool:
        """Whether this person may write into this meeting."""
        return self.brief.is_draft and self.page.can(Ability.PREPARE_MEETING)

    @property
    def signer(self) -> Signer:
        return signer_of(self.page)


def signer_of(page: Page) -> Signer:
    """Who acts on this screen."""
    return Signer(page.user.username, page.user.post)


def visible(page: Page, found: Sequence[Meeting]) -> list[Meeting]:
    """The meetings that this person sees: those who prepare see all, others what was closed."""
    if page.can(Ability.PREPARE_MEETING):
        return list(found)
    return [meeting for meeting in found if meeting.state is State.CLOSED]


def chosen_meeting(seen: Sequence[Meeting]) -> Meeting | None:
    """The meeting in the address, else the newest that was not cancelled."""
    wanted = next(iter(address.values(MEETING)), "")
    standing = [meeting for meeting in seen if meeting.state is not State.CANCELLED]
    return next((meeting for meeting in seen if meeting.meeting_id == wanted), next(iter(standing), None))


def top(scene: Scene) -> None:
    """What meeting this is, on which data, how far it is, and the presentation."""
    meeting, brief = scene.brief.meeting, scene.brief
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        words = f"{shown.china_date(meeting.held_on)} {meeting.title}"
        st.markdown(f"**{escaped(words)}** {_badge(meeting)}")
        st.caption(
            escaped(f"{meeting.meeting_id} · {shown.source_words(brief.facts)} · 由{meeting.made_by}冻结")
        )
    with right:
        stage(findings(brief), shown.source_words(brief.facts), key="stage")
    if brief.is_draft and brief.missing:
        names = "、".join(line.name for line in brief.missing)
        st.warning(
            escaped(f"还有 {len(brief.missing)} 项未达标指标没有说明,不能定稿:{names}。"),
            icon=":material/edit_note:",
        )


def _badge(meeting: Meeting) -> str:
    colour = {State.DRAFT: "orange", State.CLOSED: "green", State.CANCELLED: "gray"}[meeting.state]
    return f":{colour}-badge[{meeting.state.value}]"


def show_part(scene: Scene) -> None:
    """The chosen part."""
    missing = len(scene.brief.missing)
    words = {name: word for name, (word, _) in PARTS.items()}
    if missing and scene.brief.is_draft:
        words["red"] = f"{words['red']}(缺 {missing} 项)"
    PARTS[choose_part(words)][1](scene)


def _agenda(scene: Scene) -> None:
    rows = tuple(
        Row((Cell(str(place)), Cell(item.heading, strong=True), Cell(item.words)))
        for place, item in enumerate(agenda(scene.brief), 1)
    )
    sheet((Column("序号", "number"), Column("议题"), Column("内容", "text")), [Part("", rows)], key="agenda")
    st.caption("议题由未达标指标、逾期任务、大额案件和待落实的决定生成,数字取自冻结版本。")
    if scene.brief.before is not None:
        st.markdown("**上次会议决定的落实**")
        _carried(scene)


def _red(scene: Scene) -> None:
    red = scene.brief.facts.red
    if not red:
        st.info("没有未达标的指标,无须说明。", icon=":material/check_circle:")
        return
    columns = (
        Column("指标", "name"), Column("本期", "number"), Column("差距"), Column("说明情况"), Column("原因", "text", "middle"),
        Column("措施", "text", "middle"), Column("责任人(岗位)", "text", "middle"), Column("完成时限", "short", "middle"),
    )  # fmt: skip
    parts = [
        Part(part.name, tuple(_red_row(scene, line) for line in part.red))
        for part in scene.brief.parts
        if part.red
    ]
    sheet(columns, parts, key="red")
    st.caption("每项未达标指标须写明原因、措施、责任人(岗位)和完成时限,缺一项不能定稿。")
    if scene.may_write:
        comment_form(scene.page, scene.brief, scene.signer)


def _red_row(scene: Scene, line: FactLine) -> Row:
    said = line.id in scene.brief.comments
    points = [words for _, words in shown.red_points(scene.brief, line)] if said else [numbers.NONE] * 4
    state = (
        Cell("已说明", tone="good", marked=True) if said else Cell("缺说明", tone="attention", marked=True)
    )
    return Row(
        (
            Cell(line.name, hint=line.sentence),
            Cell(line.value, strong=True),
            Cell(line.gap, tone="bad", marked=True),
            state,
            *(Cell(words) for words in points),
        )
    )


def _groups(scene: Scene) -> None:
    for part in scene.brief.parts:
        st.subheader(escaped(f"{part.name}:{part.message}"), anchor=False)
        st.caption(
            escaped("。".join(words for words in (DUTIES[part.name], shown.unknown_words(part)) if words))
        )
        lines = shown.shown_lines(part)
        if lines:
            table = shown.lines_table(part.name, lines, scene.brief)
            table_sheet(table, [line.tone for line in lines], key=f"group_{part.name}")
        if part.late_tasks:
            table_sheet(
                shown.tasks_table("逾期任务", part.late_tasks),
                ["bad"] * len(part.late_tasks),
                f"late_{part.name}",
            )
    facts = scene.brief.facts
    st.subheader(escaped(f"{ALERTS_HEADING}:{alert_words(facts)}"), anchor=False)
    if facts.alerts:
        table_sheet(shown.alerts_table(ALERTS_HEADING, facts.alerts), [], "alerts")
        st.caption("预警是提示,待核实,不是结论。")
    st.subheader("大额案件", anchor=False)
    if facts.cases:
        table = shown.cases_table("金额最大的案件", facts)
        table_sheet(table, [], "cases")
        st.caption(escaped(f"{table.unit};案件是线索或查处中的事项,以最终认定为准。"))
    else:
        st.info(escaped(facts.no_cases or "本期台账没有记载金额的案件。"), icon=":material/inbox:")


def _compare(scene: Scene) -> None:
    brief = scene.brief
    if brief.before is None or brief.before_facts is None:
        st.info("这是第一次会议,没有可以比较的上次会议。", icon=":material/info:")
        return
    found = compare.of_interest(brief.changes)
    st.markdown(escaped(compare.message(found, brief.facts, brief.before_facts)))
    st.caption(
        escaped(
            f"上次会议 {numbers.date(brief.before.held_on)}({brief.before.meeting_id}),版本 {brief.before.version},"
            f"{brief.before_facts.period_words};本次版本 {brief.meeting.version},{brief.facts.period_words}。"
        )
    )
    table_sheet(shown.changes_table("", found), [change.verdict for change in found], "compare")


def _decisions(scene: Scene) -> None:
    brief = scene.brief
    if brief.decided:
        table = shown.decisions_table("", brief.decided, with_state=not brief.is_draft)
        table_sheet(table, [PROGRESS_TONES[one.progress] for one in brief.decided], "decided")
    else:
        st.info(
            "本次会议还没有登记决定。" if brief.is_draft else "本次会议没有登记决定。",
            icon=":material/inbox:",
        )
    if scene.may_write:
        decision_form(scene.page, brief, scene.signer)
        if brief.decided:
            withdraw_form(scene.page, brief, scene.signer)
    if brief.before is not None:
        st.markdown("**上次会议决定的落实**")
        _carried(scene)
        if scene.may_write and brief.carried:
            report_form(scene.page, brief, scene.signer)


def _carried(scene: Scene) -> None:
    carried = scene.brief.carried
    if not carried:
        st.caption("没有待落实的决定。")
        return
    table = shown.decisions_table("", carried, with_state=True)
    table_sheet(table, [PROGRESS_TONES[one.progress] for one in carried], "carried")


def _all(scene: Scene) -> None:
    opened = meetings_sheet(scene.page, scene.seen)
    if opened:
        address.put({MEETING: opened, "part": None})
        st.rerun()
    if scene.page.can(Ability.CLOSE_MEETING) and scene.brief.is_draft:
        end_form(scene.page, scene.brief, scene.signer)
    if scene.page.can(Ability.PREPARE_MEETING):
        new_meeting_form(scene.page, scene.signer)


PARTS: dict[str, tuple[str, Callable[[Scene], None]]] = {
    "agenda": ("议题", _agenda),
    "red": ("未达标说明", _red),
    "groups": ("工作组情况", _groups),
    "compare": ("与上次比较", _compare),
    "decisions": ("会议决定", _decisions),
    "all": ("全部会议", _all),
}
