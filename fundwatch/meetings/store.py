"""Meetings in the app state: made once with their frozen numbers, closed or cancelled once. Each write leaves a line in the audit log."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from fundwatch.draws.lots import Signer
from fundwatch.errors import UsageError, UserError
from fundwatch.home import Home
from fundwatch.loader.privacy import mask
from fundwatch.meetings.held import CANCELLED
from fundwatch.meetings.tables import LONGEST, LONGEST_TITLE, MEETING, STATE
from fundwatch.state.audit import record
from fundwatch.state.db import engine

ACTION = "会议"
#: more people than an office has would have to make a meeting of one day in the same second
ATTEMPTS = 20


class State(StrEnum):
    """How far a meeting is; the value is the word on screen."""

    DRAFT = "准备中"
    CLOSED = "定稿"
    CANCELLED = CANCELLED


@dataclass(frozen=True)
class Meeting:
    """One meeting. ``facts`` is the JSON of its frozen numbers, times are UTC, ``ended_at`` when it was closed or cancelled."""

    meeting_id: str
    held_on: dt.date
    title: str
    version: str
    settings_version: str
    period_start: dt.date
    period_end: dt.date
    facts: str
    facts_hash: str
    made_by: str
    made_at: dt.datetime
    state: State
    why: str
    ended_by: str
    ended_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        """Whether something may still be written into it."""
        return self.state is State.DRAFT


@dataclass(frozen=True)
class NewMeeting:
    """What a meeting is made of, before it has a number."""

    held_on: dt.date
    title: str
    version: str
    settings_version: str
    period_start: dt.date
    period_end: dt.date
    facts: str
    facts_hash: str


def add_meeting(home: Home, new: NewMeeting, by: Signer) -> Meeting:
    """Store a meeting under the next number of its day (M20261031-01). Raises UsageError for a title that is empty or too long."""
    title = plain_text(new.title, "会议名称", LONGEST_TITLE)
    store = engine(home)
    for _ in range(ATTEMPTS):
        try:
            with store.begin() as connection:
                same_day = select(func.count()).select_from(MEETING).where(MEETING.c.held_on == new.held_on)
                number = connection.execute(same_day).scalar_one() + 1
                meeting_id = f"M{new.held_on:%Y%m%d}-{number:02d}"
                row = {
                    **vars(new), "title": title, "meeting_id": meeting_id, "made_by": by.post, "made_at": now(),
                }  # fmt: skip
                connection.execute(insert(MEETING).values(**row))
            break
        except IntegrityError:
            continue
    else:
        raise RuntimeError("meeting numbers are contended")
    detail = {
        "act": "新建", "title": title, "held_on": new.held_on.isoformat(), "version": new.version,
        "settings_version": new.settings_version, "facts_sha256": new.facts_hash,
        "from": new.period_start.isoformat(), "to": new.period_end.isoformat(),
    }  # fmt: skip
    record(store, by.user, ACTION, meeting_id, detail)
    return get_meeting(home, meeting_id)


def end_meeting(home: Home, meeting: Meeting, state: State, why: str, by: Signer) -> Meeting:
    """Close or cancel a meeting; only once. Raises UserError when it has ended already."""
    text = optional_text(why, "说明")
    if state is State.CANCELLED and not text:
        raise UserError("请写明作废的理由。")
    row = {"meeting_id": meeting.meeting_id, "state": state.value, "why": text, "by": by.post, "at": now()}
    store = engine(home)
    try:
        with store.begin() as connection:
            connection.execute(insert(STATE).values(**row))
    except IntegrityError as error:
        ended = get_meeting(home, meeting.meeting_id)
        raise UserError(f"会议 {meeting.meeting_id} 已经{ended.state},不能再改。") from error
    detail = {"act": state.value, "why": text, "version": meeting.version, "facts_sha256": meeting.facts_hash}
    record(store, by.user, ACTION, meeting.meeting_id, detail)
    return get_meeting(home, meeting.meeting_id)


def meetings(home: Home) -> list[Meeting]:
    """All meetings, the newest first; cancelled ones too."""
    query = _query().order_by(MEETING.c.held_on.desc(), MEETING.c.meeting_id.desc())
    with engine(home).connect() as connection:
        return [_meeting(dict(row)) for row in connection.execute(query).mappings()]


def get_meeting(home: Home, meeting_id: str) -> Meeting:
    """The meeting of that number; raises UsageError when there is none."""
    with engine(home).connect() as connection:
        row = connection.execute(_query().where(MEETING.c.meeting_id == meeting_id)).mappings().first()
    if row is None:
        raise UsageError(f"没有编号为 {meeting_id} 的会议。")
    return _meeting(dict(row))


def meeting_on(home: Home, day: dt.date) -> Meeting | None:
    """The latest meeting of a day that was not cancelled."""
    return next((m for m in meetings(home) if m.held_on == day and m.state is not State.CANCELLED), None)


def meetings_before(home: Home, meeting: Meeting) -> list[Meeting]:
    """The meetings before this one that were not cancelled, the newest first."""
    return [
        other
        for other in meetings(home)
        if other.state is not State.CANCELLED
        and (other.held_on, other.meeting_id) < (meeting.held_on, meeting.meeting_id)
    ]


def must_be_open(home: Home, meeting: Meeting) -> None:
    """Raises UserError when the meeting has ended."""
    found = get_meeting(home, meeting.meeting_id)
    if not found.is_open:
        raise UserError(f"会议 {meeting.meeting_id} 已经{found.state},不能再改。需要更正的,在下次会议说明。")


def plain_text(text: str, what: str, longest: int = LONGEST) -> str:
    """The text without surrounding blanks, ID-card and phone numbers masked. Raises UserError when it is empty or too long."""
    found = optional_text(text, what, longest)
    if not found:
        raise UserError(f"请填写{what}。")
    return found


def optional_text(text: str, what: str, longest: int = LONGEST) -> str:
    """As ``plain_text``, but it may be empty."""
    found, _ = mask(" ".join(text.split()))
    if len(found) > longest:
        raise UserError(f"{what}不超过 {longest} 字,现为 {len(found)} 字。")
    return found


def now() -> dt.datetime:
    """The time in UTC, as the state keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def _query() -> Any:
    ended = [
        STATE.c.state.label("ended"), STATE.c.why, STATE.c.by.label("ended_by"), STATE.c.at.label("ended_at"),
    ]  # fmt: skip
    return select(MEETING, *ended).outerjoin(STATE, STATE.c.meeting_id == MEETING.c.meeting_id)


def _meeting(row: dict[str, Any]) -> Meeting:
    ended = row.pop("ended")
    return Meeting(
        **{**row, "why": row["why"] or "", "ended_by": row["ended_by"] or ""},
        state=State(ended) if ended else State.DRAFT,
    )
