"""What a meeting decided, with post and day, and what became of it: the next meeting asks until it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from fundwatch.draws.lots import Signer
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.meetings.groups import RESPONSIBLE
from fundwatch.meetings.store import (
    ACTION,
    ATTEMPTS,
    Meeting,
    get_meeting,
    meetings_before,
    must_be_open,
    now,
    optional_text,
    plain_text,
)
from fundwatch.meetings.tables import DECISION, LONGEST_POST, REPORT
from fundwatch.state.audit import record
from fundwatch.state.db import engine


class Progress(StrEnum):
    """How a decision stands; 逾期 follows from its day, 撤销 takes a slip of the same meeting back."""

    RUNNING = "进行中"
    DONE = "已完成"
    LATE = "逾期"
    WITHDRAWN = "撤销"


#: what a person may report
REPORTED = (Progress.RUNNING, Progress.DONE)


@dataclass(frozen=True)
class Decision:
    """One decision with its state on the day it is looked at. ``note`` is the latest report, times are UTC."""

    decision_id: str
    meeting_id: str
    group_name: str
    text: str
    owner: str
    due: dt.date
    by: str
    at: dt.datetime
    progress: Progress
    done_on: dt.date | None
    note: str


@dataclass(frozen=True)
class NewDecision:
    """A decision as it is handed in; ``due`` None is refused."""

    group_name: str
    text: str
    owner: str
    due: dt.date | None


@dataclass(frozen=True)
class NewReport:
    """What is said of a decision; 已完成 needs ``done_on``, 撤销 a ``note``."""

    state: Progress
    note: str = ""
    done_on: dt.date | None = None


def decide(home: Home, meeting: Meeting, new: NewDecision, by: Signer) -> str:
    """Write a decision of the meeting; returns its number (M20261031-01-03).

    Raises UserError naming what is missing, for an unknown work group, and for a meeting that has ended.
    """
    must_be_open(home, meeting)
    if new.group_name not in RESPONSIBLE:
        raise UserError(f"责任工作组只能是{'、'.join(RESPONSIBLE)}。")
    row = {
        "group_name": new.group_name,
        "text": plain_text(new.text, "决定事项"),
        "owner": plain_text(new.owner, "责任人(岗位)", LONGEST_POST),
    }
    if new.due is None:
        raise UserError("请填写完成时限。")
    if new.due < meeting.held_on:
        raise UserError(f"完成时限 {new.due} 早于会议日期 {meeting.held_on}。")
    number = _numbered(home, meeting, {**row, "due": new.due, "by": by.post, "at": now()})
    detail = {"act": "决定", "decision": number, **row, "due": new.due.isoformat()}
    record(engine(home), by.user, ACTION, meeting.meeting_id, detail)
    return number


def report(home: Home, decision: Decision, new: NewReport, by: Signer) -> None:
    """Say how a decision stands. 撤销 takes a slip back while its meeting is in preparation. Raises UserError for what does not fit."""
    if new.state not in (*REPORTED, Progress.WITHDRAWN):
        raise UserError(f"办理情况只能是{'、'.join(REPORTED)}。")
    if decision.progress is Progress.WITHDRAWN:
        raise UserError(f"决定 {decision.decision_id} 已撤销。")
    meeting = get_meeting(home, decision.meeting_id)
    if new.state is Progress.DONE:
        if new.done_on is None:
            raise UserError("已完成的决定须填写完成日期。")
        if new.done_on < meeting.held_on:
            raise UserError(f"完成日期 {new.done_on} 早于作出决定的会议 {meeting.held_on}。")
    if new.state is Progress.WITHDRAWN:
        must_be_open(home, meeting)
        text = plain_text(new.note, "撤销理由")
    else:
        text = optional_text(new.note, "办理情况说明")
    done_on = new.done_on if new.state is Progress.DONE else None
    row = {"state": new.state.value, "note": text, "by": by.post, "at": now(), "done_on": done_on}
    store = engine(home)
    with store.begin() as connection:
        connection.execute(insert(REPORT).values(decision_id=decision.decision_id, **row))
    detail = {
        "act": "决定办理情况", "decision": decision.decision_id, "state": new.state.value, "note": text,
        "done_on": done_on.isoformat() if done_on else None,
    }  # fmt: skip
    record(store, by.user, ACTION, decision.meeting_id, detail)


def decided(home: Home, meeting: Meeting, by_when: dt.datetime | None = None) -> list[Decision]:
    """The meeting's own decisions with their state at ``by_when`` (None: now); those taken back are left out."""
    found = _read(home, [meeting.meeting_id], meeting.held_on, by_when)
    return [one for one in found if one.progress is not Progress.WITHDRAWN]


def carried(home: Home, meeting: Meeting) -> list[Decision]:
    """Decisions of earlier meetings that were not done when the meeting before ended, with their state at this one.

    A meeting that was closed shows them as they were known then; one in preparation as they are known now. 逾期: not done, and
    due before the day of this meeting.
    """
    earlier = meetings_before(home, meeting)
    if not earlier:
        return []
    ids, since = [one.meeting_id for one in earlier], earlier[0].ended_at or earlier[0].made_at
    known_then = {
        one.decision_id: one.progress
        for one in _read(home, ids, meeting.held_on, since)
        if one.meeting_id != earlier[0].meeting_id
    }
    closed_before = {number for number, state in known_then.items() if state is Progress.DONE}
    return [
        one
        for one in _read(home, ids, meeting.held_on, meeting.ended_at)
        if one.progress is not Progress.WITHDRAWN and one.decision_id not in closed_before
    ]


def _read(home: Home, ids: Sequence[str], day: dt.date, by_when: dt.datetime | None) -> list[Decision]:
    query = select(DECISION).where(DECISION.c.meeting_id.in_(ids)).order_by(DECISION.c.decision_id)
    said = select(REPORT).order_by(REPORT.c.report_id)
    if by_when is not None:
        query = query.where(DECISION.c.at <= by_when)
        said = said.where(REPORT.c.at <= by_when)
    with engine(home).connect() as connection:
        latest = {row["decision_id"]: row for row in connection.execute(said).mappings()}
        rows = [dict(row) for row in connection.execute(query).mappings()]
    made = []
    for row in rows:
        own = latest.get(row["decision_id"])
        state = Progress(own["state"]) if own else Progress.RUNNING
        if state is Progress.RUNNING and row["due"] < day:
            state = Progress.LATE
        made.append(
            Decision(
                **row,
                progress=state,
                done_on=own["done_on"] if own else None,
                note=own["note"] if own else "",
            )
        )
    return made


def _numbered(home: Home, meeting: Meeting, row: dict[str, object]) -> str:
    mine = select(func.count()).select_from(DECISION).where(DECISION.c.meeting_id == meeting.meeting_id)
    for _ in range(ATTEMPTS):
        try:
            with engine(home).begin() as connection:
                number = f"{meeting.meeting_id}-{connection.execute(mine).scalar_one() + 1:02d}"
                values = {"decision_id": number, "meeting_id": meeting.meeting_id, **row}
                connection.execute(insert(DECISION).values(**values))
            return number
        except IntegrityError:
            continue
    raise RuntimeError("decision numbers are contended")
