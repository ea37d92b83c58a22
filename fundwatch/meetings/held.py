"""Versions that meetings stand on: the builder keeps their serving files beyond the usual number."""

from __future__ import annotations

from sqlalchemy import select

from fundwatch.home import Home
from fundwatch.meetings.tables import MEETING, STATE
from fundwatch.state.db import engine

CANCELLED = "作废"


def held_versions(home: Home) -> frozenset[str]:
    """Versions of all meetings that were not cancelled."""
    cancelled = select(STATE.c.meeting_id).where(STATE.c.state == CANCELLED)
    query = select(MEETING.c.version).where(MEETING.c.meeting_id.not_in(cancelled))
    with engine(home).connect() as connection:
        return frozenset(connection.execute(query).scalars())
