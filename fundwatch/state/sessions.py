"""Live sign-ins, kept on the server: a cookie counts only while its row here is alive.

The cookie library alone would accept a copied cookie after logout and never end an open tab's session.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Column, Engine, Index, Integer, String, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from fundwatch.clock import Clock, china_today, system_clock
from fundwatch.home import Home
from fundwatch.settings import Settings
from fundwatch.state.db import engine, metadata

MINUTE = 60
HOUR = 60 * MINUTE
#: ended sessions stay this long for the administrator to see, then go
KEEP_ENDED = 30 * 24 * HOUR
#: seconds from the moment a provider issues a token until it must have arrived here; covers clocks that differ
FRESH = 10 * MINUTE

session = Table(
    "session",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("username", String(64), nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("last_seen", Integer, nullable=False),
    Column("expires_at", Integer, nullable=False),
    Column("revoked_at", Integer),
    Index("session_username", "username"),
)


@dataclass(frozen=True)
class Limits:
    """How long a sign-in lasts, in seconds: without a click, and in any case."""

    idle: int = 30 * MINUTE
    absolute: int = 8 * HOUR
    #: a click is written down at most this often; far below ``idle``
    write_every: int = MINUTE


@dataclass(frozen=True)
class Sessions:
    """The session table of one home. Works across processes: the database is the only memory."""

    engine: Engine
    limits: Limits = Limits()
    clock: Clock = system_clock

    @classmethod
    def of(cls, home: Home) -> Sessions:
        """The sessions of a home, with the limits that its settings hold."""
        values, today = Settings(home).now(), china_today()
        idle, hours = values.get("session_idle_minutes", today), values.get("session_hours", today)
        return cls(engine(home), Limits(idle=int(idle or 0) * MINUTE, absolute=int(hours or 0) * HOUR))

    def issue(self, username: str) -> str:
        """Start a session and return its id, which goes into the signed cookie."""
        now = int(self.clock())
        identifier = secrets.token_urlsafe(32)
        row = self._row(identifier, username, now)
        with self.engine.begin() as connection:
            connection.execute(delete(session).where(session.c.expires_at < now - KEEP_ENDED))
            connection.execute(insert(session).values(**row))
        return identifier

    def adopt(self, identifier: str, username: str, issued_at: int) -> bool:
        """Begin the session that a token of single sign-on stands for; True when it began now.

        False for a token that has begun one already, ended or not, and for one that is not fresh (``issued_at`` in
        seconds since 1970): rows of ended sessions go after a while, and a token must not come back then.
        """
        now = int(self.clock())
        if now >= issued_at + FRESH:
            return False
        row = self._row(identifier, username, now)
        try:
            with self.engine.begin() as connection:
                connection.execute(insert(session).values(**row))
        except IntegrityError:
            # shown before, or in another tab at the same moment
            return False
        return True

    def user_of(self, identifier: str | None, touch: bool = True) -> str | None:
        """The user of a live session, or None; ``touch`` counts this as a click."""
        if not identifier:
            return None
        with self.engine.connect() as connection:
            row = connection.execute(select(session).where(session.c.id == identifier)).mappings().first()
        now = int(self.clock())
        if row is None or row["revoked_at"] is not None:
            return None
        if now >= row["expires_at"] or now >= row["last_seen"] + self.limits.idle:
            return None
        # seen in the future: the clock was set back, and the ends noted then would come too late
        if row["last_seen"] > now + FRESH:
            return None
        if touch and now >= row["last_seen"] + self.limits.write_every:
            with self.engine.begin() as connection:
                connection.execute(update(session).where(session.c.id == identifier).values(last_seen=now))
        return row["username"]

    def knows(self, identifier: str) -> bool:
        """Whether there was such a session, ended or not."""
        with self.engine.connect() as connection:
            return (
                connection.execute(select(session.c.id).where(session.c.id == identifier)).first() is not None
            )

    def _row(self, identifier: str, username: str, now: int) -> dict:
        return {
            "id": identifier,
            "username": username,
            "created_at": now,
            "last_seen": now,
            "expires_at": now + self.limits.absolute,
        }

    def revoke(self, identifier: str) -> None:
        """End one session; every copy of its cookie is refused from now on."""
        self._end(session.c.id == identifier)

    def revoke_all(self, username: str, keep: str | None = None) -> None:
        """End every session of a user (new password, account disabled) but for ``keep``."""
        self._end((session.c.username == username) & (session.c.id != (keep or "")))

    def _end(self, condition) -> None:
        query = (
            update(session)
            .where(condition, session.c.revoked_at.is_(None))
            .values(revoked_at=int(self.clock()))
        )
        with self.engine.begin() as connection:
            connection.execute(query)
