"""The required word on each red KPI: cause, measure, post in charge, day. The latest of a KPI stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import insert, select

from fundwatch.draws.lots import Signer
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.meetings.store import ACTION, Meeting, must_be_open, now, plain_text
from fundwatch.meetings.tables import COMMENT, LONGEST_POST
from fundwatch.state.audit import record
from fundwatch.state.db import engine


@dataclass(frozen=True)
class Comment:
    """What is said of one red KPI: 原因, 措施, 责任人 (a post), 完成时限. ``at`` is UTC."""

    line_id: str
    cause: str
    measure: str
    owner: str
    due: dt.date
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class NewComment:
    """A comment as it is handed in; ``due`` None is refused."""

    cause: str
    measure: str
    owner: str
    due: dt.date | None


def give(home: Home, meeting: Meeting, line_id: str, new: NewComment, by: Signer) -> Comment:
    """Write the comment on one KPI. Raises UserError naming what is missing, and for a meeting that has ended."""
    must_be_open(home, meeting)
    row = {
        "cause": plain_text(new.cause, "原因"),
        "measure": plain_text(new.measure, "措施"),
        "owner": plain_text(new.owner, "责任人(岗位)", LONGEST_POST),
    }
    if new.due is None:
        raise UserError("请填写完成时限。")
    if new.due < meeting.held_on:
        raise UserError(f"完成时限 {new.due} 早于会议日期 {meeting.held_on}。")
    written = {"due": new.due, "by": by.post, "at": now(), "line_id": line_id, **row}
    store = engine(home)
    with store.begin() as connection:
        connection.execute(insert(COMMENT).values(meeting_id=meeting.meeting_id, **written))
    detail = {"act": "红色指标说明", "kpi": line_id, **row, "due": new.due.isoformat()}
    record(store, by.user, ACTION, meeting.meeting_id, detail)
    return Comment(**written)


def comments(home: Home, meeting: Meeting) -> dict[str, Comment]:
    """Line → the comment that stands."""
    query = select(COMMENT).where(COMMENT.c.meeting_id == meeting.meeting_id).order_by(COMMENT.c.comment_id)
    names = ("line_id", "cause", "measure", "owner", "due", "by", "at")
    with engine(home).connect() as connection:
        return {
            row["line_id"]: Comment(**{name: row[name] for name in names})
            for row in connection.execute(query).mappings()
        }
