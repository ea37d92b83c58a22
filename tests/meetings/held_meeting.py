"""Who signs in the tests of meetings, and a word on everything that is red."""

from __future__ import annotations

import datetime as dt

from fundwatch.draws.lots import Signer
from fundwatch.home import Home
from fundwatch.meetings.comments import NewComment, give
from fundwatch.meetings.freeze import facts_of
from fundwatch.meetings.store import Meeting, meetings

LEADER = Signer("ld01", "局领导01")
ANALYST = Signer("fx01", "分析员01")


def first(home: Home) -> Meeting:
    """The meeting that the fixture made."""
    return meetings(home)[-1]


def say_everything(home: Home, meeting: Meeting, by: Signer = ANALYST) -> None:
    """A comment on every red indicator."""
    due = meeting.held_on + dt.timedelta(days=30)
    for number, line in enumerate(facts_of(meeting).red, 1):
        new = NewComment(f"原因{number}", f"措施{number}", f"责任岗{number:02d}", due)
        give(home, meeting, line.id, new, by)
