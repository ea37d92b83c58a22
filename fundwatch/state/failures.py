"""Failed sign-ins, counted by name, and the lock that follows too many of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Integer,
    String,
    Table,
    and_,
    case,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from fundwatch.errors import UserError
from fundwatch.state.db import metadata

MINUTE = 60
DAY = 24 * 60 * MINUTE
#: by dialect: an insert that may find its row there already
INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

#: kept by the hash of the name typed in, known or not: a lock tells nothing about who exists, and a password
#: typed into the wrong field is not stored
failure = Table(
    "sign_in_failure",
    metadata,
    Column("name_hash", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Integer, nullable=False),
    Column("locked_until", Integer, nullable=False),
)


@dataclass(frozen=True)
class LockOut:
    """After ``failures`` wrong tries, less than ``seconds`` apart, the name is refused for ``seconds``."""

    failures: int = 5
    seconds: int = 15 * MINUTE


STANDARD = LockOut()


class LockedError(UserError):
    """Too many failures for this name; ends by itself."""


def locked_until(engine: Engine, name: str, now: int) -> int:
    """When the name's lock ends, in seconds since 1970; 0 without one, and for one from before the clock was set back."""
    query = select(failure.c.locked_until).where(failure.c.name_hash == _name_hash(name), _is_past(now))
    with engine.connect() as connection:
        return connection.execute(query).scalar() or 0


def count(engine: Engine, name: str, now: int, lock_out: LockOut) -> int:
    """Count one more failure and lock the name when they are too many; returns how many there are."""
    key = _name_hash(name)
    with engine.begin() as connection:
        connection.execute(delete(failure).where(failure.c.last_at < now - DAY))
        # Both writes wait for others at the same name: no failure is lost, on SQLite and PostgreSQL alike.
        first = INSERTS[engine.dialect.name](failure).values(
            name_hash=key, count=0, last_at=now, locked_until=0
        )
        connection.execute(first.on_conflict_do_nothing())
        # a try that was on its way while another locked the name adds to the lock and does not open it
        locked = and_(failure.c.locked_until > now, _is_past(now))
        fresh = and_(failure.c.locked_until == 0, failure.c.last_at > now - lock_out.seconds, _is_past(now))
        connection.execute(
            update(failure)
            .where(failure.c.name_hash == key)
            .values(
                count=case((or_(locked, fresh), failure.c.count + 1), else_=1),
                locked_until=case((locked, failure.c.locked_until), else_=0),
                last_at=now,
            )
        )
        found = connection.execute(select(failure.c.count).where(failure.c.name_hash == key)).scalar_one()
        if found >= lock_out.failures:
            until = now + lock_out.seconds
            connection.execute(update(failure).where(failure.c.name_hash == key).values(locked_until=until))
    return found


def forget(engine: Engine, name: str) -> None:
    """Drop the name's failures and its lock."""
    with engine.begin() as connection:
        connection.execute(delete(failure).where(failure.c.name_hash == _name_hash(name)))


def _is_past(now: int) -> ColumnElement[bool]:
    """Whether the last failure was before now, give or take a minute between machines: the clock may have been set back since."""
    return failure.c.last_at <= now + MINUTE


def _name_hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
