"""The log of what people did: rows are only added, and each carries the hash of the one before.

One table, ``audit_event``. A unique ``prev_hash`` keeps the chain straight: of two writers who saw the same
last row one is refused and tries again, on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import DDL, Column, Engine, Integer, String, Table, Text, event, insert, select
from sqlalchemy.exc import IntegrityError

from fundwatch.clock import Clock, china_time, system_clock
from fundwatch.state.db import metadata

FIRST_HASH = "0" * 64
#: more writers than a county has posts would have to collide this often in a row
ATTEMPTS = 50

events = Table(
    "audit_event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(32), nullable=False),
    Column("user", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("object", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
)
for _verb in ("update", "delete"):
    event.listen(
        events,
        "after_create",
        DDL(
            f"create trigger audit_event_no_{_verb} before {_verb} on audit_event "
            "begin select raise(abort, 'audit_event only grows'); end"
        ).execute_if(dialect="sqlite"),
    )


@dataclass(frozen=True)
class Event:
    """One logged act. ``at`` is ISO time of Asia/Shanghai, ``detail`` the JSON document as it was hashed."""

    id: int
    at: str
    user: str
    action: str
    object: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """Result of checking the chain: rows looked at and the first row that does not fit (None: sound)."""

    rows: int
    broken_at: int | None

    @property
    def sound(self) -> bool:
        return self.broken_at is None


def record(
    engine: Engine,
    user: str,
    action: str,
    object: str = "",
    detail: Mapping[str, Any] | None = None,
    *,
    clock: Clock = system_clock,
) -> None:
    """Add one event. ``detail`` must be plain JSON values (amounts as strings) and hold no personal value."""
    text = json.dumps(detail or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    at = china_time(clock()).isoformat()
    for _ in range(ATTEMPTS):
        try:
            with engine.begin() as connection:
                last = connection.execute(
                    select(events.c.hash).order_by(events.c.id.desc()).limit(1)
                ).scalar()
                row = {
                    "at": at,
                    "user": user,
                    "action": action,
                    "object": object,
                    "detail": text,
                    "prev_hash": last or FIRST_HASH,
                }
                connection.execute(insert(events).values(**row, hash=_hash(row)))
            return
        except IntegrityError:
            continue
    raise RuntimeError("audit chain is contended")


def listing(
    engine: Engine, limit: int = 200, action: str | None = None, user: str | None = None
) -> list[Event]:
    """The newest events first, at most ``limit``."""
    query = select(events).order_by(events.c.id.desc()).limit(limit)
    if action:
        query = query.where(events.c.action == action)
    if user:
        query = query.where(events.c.user == user)
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    return [
        Event(r["id"], r["at"], r["user"], r["action"], r["object"], json.loads(r["detail"])) for r in rows
    ]


def verify(engine: Engine) -> Verdict:
    """Walk the chain from the first row.

    A changed, removed or inserted row breaks it; rows cut off at the end do not.
    """
    expected, count = FIRST_HASH, 0
    with engine.connect() as connection:
        for row in connection.execute(select(events).order_by(events.c.id)).mappings():
            count += 1
            if row["prev_hash"] != expected or row["hash"] != _hash(row):
                return Verdict(count, row["id"])
            expected = row["hash"]
    return Verdict(count, None)


def _hash(row: Mapping[str, Any]) -> str:
    parts = [row[name] for name in ("prev_hash", "at", "user", "action", "object", "detail")]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
