"""Looking through the log in the database: by account, act, words and days, a page at a time."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, func, or_, select

from fundwatch.state.audit import Event, events


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty field does not narrow. ``text`` stands in the object or the detail; days of Asia/Shanghai."""

    user: str = ""
    action: str = ""
    text: str = ""
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.user:
            found.append(events.c.user == self.user)
        if self.action:
            found.append(events.c.action == self.action)
        if text := self.text.strip():
            found.append(
                or_(
                    events.c.object.contains(text, autoescape=True),
                    events.c.detail.contains(text, autoescape=True),
                )
            )
        # times are ISO text of one time zone, so they sort as text
        if self.first:
            found.append(events.c.at >= self.first.isoformat())
        if self.last:
            found.append(events.c.at < (self.last + dt.timedelta(days=1)).isoformat())
        return found


def count(engine: Engine, wanted: Wanted) -> int:
    """How many events there are."""
    query = select(func.count()).select_from(events).where(*wanted.conditions)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def part(engine: Engine, wanted: Wanted, limit: int, offset: int = 0) -> list[Event]:
    """``limit`` of them from the ``offset``-th on, newest first."""
    query = select(events).where(*wanted.conditions).order_by(events.c.id.desc()).limit(limit).offset(offset)
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    return [
        Event(r["id"], r["at"], r["user"], r["action"], r["object"], json.loads(r["detail"])) for r in rows
    ]


def values(engine: Engine, column: str) -> list[str]:
    """The accounts (``user``) or acts (``action``) that the log knows."""
    query = select(events.c[column]).distinct().order_by(events.c[column])
    with engine.connect() as connection:
        return [str(one) for one in connection.execute(query).scalars()]
