"""The forms of 领导小组会议: making one, the word on a red indicator, decisions and what became of them, closing."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from fundwatch import numbers
from fundwatch.clock import china_today
from fundwatch.draws.lots import Signer
from fundwatch.meetings.brief import Brief, close
from fundwatch.meetings.comments import NewComment, give
from fundwatch.meetings.decisions import REPORTED, Decision, NewDecision, NewReport, Progress, decide, report
from fundwatch.meetings.freeze import TITLE, make_meeting, reread
from fundwatch.meetings.groups import RESPONSIBLE
from fundwatch.meetings.store import State, end_meeting
from fundwatch.meetings.tables import LONGEST, LONGEST_POST, LONGEST_TITLE
from fundwatch.ui import address
from fundwatch.ui.shell import Page
from fundwatch.ui.states import guarded
from fundwatch.ui.words import escaped

#: counts the forms, so that a saved one comes back empty; what was done in the run before
ROUND, SAID = "meeting_round", "meeting_said"
OWNER_HINT = "写岗位,例如:审核科负责人"


def said() -> None:
    """What was done in the run before, once."""
    words = st.session_state.pop(SAID, None)
    if words:
        st.success(escaped(words), icon=":material/check_circle:")


def new_meeting_form(page: Page, signer: Signer) -> None:
    """Make a meeting: the version served now and the settings of now are frozen."""
    with st.form(f"new_meeting_{_round()}"):
        st.markdown("**新建会议**")
        left, right = st.columns([1, 2])
        day = left.date_input("会议日期", china_today(), format="YYYY-MM-DD")
        title = right.text_input("会议名称", TITLE, max_chars=LONGEST_TITLE)
        st.caption(
            f"新建时冻结当前数据版本 {page.warehouse.version} 和当前参数、目标;统计期间为当年年初至最新数据日,不晚于会议日期。"
            "此后载入的数据不影响本次会议。"
        )
        if st.form_submit_button("冻结数据并新建", type="primary", icon=":material/ac_unit:"):
            with guarded("新建会议"), st.spinner("正在冻结版本并读取全部指标…"):
                made = make_meeting(page.home, _day(day), signer, title=title)
                address.put({"meeting": made.meeting_id, "part": None})
                _done(f"已新建会议 {made.meeting_id},冻结版本 {made.version}。")


def comment_form(page: Page, brief: Brief, signer: Signer) -> None:
    """Say of a red indicator why, what is done, who and by when; those without a word come first."""
    missing = {line.id for line in brief.missing}
    lines = sorted(brief.facts.red, key=lambda line: line.id not in missing)
    names = {
        line.id: f"{line.name} {line.value}({'缺说明' if line.id in missing else '已说明,可以修改'})" for line in lines
    }  # fmt: skip
    with st.container(border=True):
        st.markdown("**填写说明**")
        line_id = st.selectbox(
            "未达标指标", list(names), format_func=lambda value: names[value], key=f"comment_line_{_round()}"
        )
        before = brief.comments.get(line_id)
        with st.form(f"comment_{_round()}_{line_id}", border=False):
            left, right = st.columns(2)
            cause = left.text_area("原因", before.cause if before else "", max_chars=LONGEST, height=96)
            measure = right.text_area("措施", before.measure if before else "", max_chars=LONGEST, height=96)
            owner = left.text_input(
                "责任人(岗位)", before.owner if before else "", max_chars=LONGEST_POST, placeholder=OWNER_HINT
            )
            due = right.date_input("完成时限", before.due if before else None, format="YYYY-MM-DD")
            if st.form_submit_button("保存说明", type="primary", icon=":material/save:"):
                with guarded("保存说明"):
                    new = NewComment(cause, measure, owner, _day_or_none(due))
                    give(page.home, brief.meeting, line_id, new, signer)
                    _done(f"已保存“{names[line_id].split(' ')[0]}”的说明。")


def decision_form(page: Page, brief: Brief, signer: Signer) -> None:
    """Write a decision with work group, post and day."""
    with st.form(f"decision_{_round()}"):
        st.markdown("**登记决定**")
        text = st.text_area("决定事项", max_chars=LONGEST, height=80)
        first, second, third = st.columns(3)
        group = first.selectbox("责任工作组", RESPONSIBLE)
        owner = second.text_input("责任人(岗位)", max_chars=LONGEST_POST, placeholder=OWNER_HINT)
        due = third.date_input("完成时限", None, format="YYYY-MM-DD")
        if st.form_submit_button("登记决定", type="primary", icon=":material/gavel:"):
            with guarded("登记决定"):
                number = decide(
                    page.home, brief.meeting, NewDecision(str(group), text, owner, _day_or_none(due)), signer
                )
                _done(f"已登记决定 {number}。")


def withdraw_form(page: Page, brief: Brief, signer: Signer) -> None:
    """Take back a slip of this meeting."""
    with st.expander("撤销登记有误的决定"), st.form(f"withdraw_{_round()}", border=False):
        one = _choose(brief.decided, "决定")
        why = st.text_input("撤销理由", max_chars=LONGEST)
        if st.form_submit_button("撤销", icon=":material/undo:"):
            with guarded("撤销决定"):
                report(page.home, one, NewReport(Progress.WITHDRAWN, why), signer)
                _done(f"已撤销决定 {one.decision_id}。")


def report_form(page: Page, brief: Brief, signer: Signer) -> None:
    """Say how a decision of an earlier meeting stands."""
    with st.form(f"report_{_round()}"):
        st.markdown("**报告决定的办理情况**")
        one = _choose(brief.carried, "上次及以前的决定")
        first, second = st.columns(2)
        state = first.selectbox("办理情况", [state.value for state in REPORTED])
        done_on = second.date_input("完成日期(已完成时填写)", None, format="YYYY-MM-DD")
        note = st.text_input("说明", max_chars=LONGEST)
        if st.form_submit_button("保存办理情况", type="primary", icon=":material/save:"):
            with guarded("保存办理情况"):
                new = NewReport(Progress(state), note, _day_or_none(done_on))
                report(page.home, one, new, signer)
                _done(f"已保存决定 {one.decision_id} 的办理情况:{state}。")


def end_form(page: Page, brief: Brief, signer: Signer) -> None:
    """Close the meeting, or cancel it with a reason; both are final."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        st.markdown("**定稿**")
        st.caption("定稿后说明和决定不能再改,各岗位可以查看;定稿前按冻结版本重算一次,核对数字。")
        if st.button("核对并定稿", type="primary", icon=":material/task_alt:", disabled=bool(brief.missing)):
            with guarded("定稿"), st.spinner("正在按冻结版本重算核对…"):
                differs = reread(page.home, brief.meeting)
                if differs:
                    st.error(
                        escaped(f"按冻结版本重算,以下指标与冻结的数字不同,没有定稿:{'、'.join(differs)}。")
                    )
                else:
                    close(page.home, brief, signer)
                    _done(f"会议 {brief.meeting.meeting_id} 已定稿,全部数字与冻结版本一致。")
        if brief.missing:
            st.caption(escaped(f"还缺 {len(brief.missing)} 项说明,填齐后可以定稿。"))
    with right, st.container(border=True, height="stretch"), st.form(f"cancel_{_round()}", border=False):
        st.markdown("**作废**")
        why = st.text_input("作废理由", max_chars=LONGEST)
        if st.form_submit_button("作废本次会议", icon=":material/delete:"):
            with guarded("作废"):
                end_meeting(page.home, brief.meeting, State.CANCELLED, why, signer)
                address.put({"meeting": None})
                _done(f"会议 {brief.meeting.meeting_id} 已作废。")


def _choose(offered: tuple[Decision, ...], label: str) -> Decision:
    names = {
        one.decision_id: f"{one.group_name} · {one.text[:30]} · {numbers.date(one.due)}" for one in offered
    }
    number = st.selectbox(label, list(names), format_func=lambda value: names[value])
    return next(one for one in offered if one.decision_id == number)


def _round() -> int:
    return int(st.session_state.get(ROUND, 0))


def _done(words: str) -> None:
    st.session_state[SAID] = words
    st.session_state[ROUND] = _round() + 1
    st.rerun()


def _day(value: object) -> dt.date:
    assert isinstance(value, dt.date)
    return value


def _day_or_none(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None
