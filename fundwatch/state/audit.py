"""The log of what people did: rows are only added, and each carries the hash of the one before.

One table, ``audit_event``. A unique ``prev_hash`` keeps the chain straight: of two writers who saw the same
last row one is refused and tries again, on SQLite and PostgreSQL alike. ``audit_head`` says how long the chain is and
how it ends, so that rows cut off at its end show too. Who can rewrite all of the database can rewrite both: against that
stands the shipped copy (``fundwatch.state.audit_copy``), kept where the database's keeper cannot write.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    DDL,
    Column,
    Connection,
    Engine,
    Integer,
    String,
    Table,
    Text,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from fundwatch.clock import Clock, china_time, system_clock
from fundwatch.state.db import metadata

FIRST_HASH = "0" * 64
#: the act of looking at rows of single persons or claims, on screens and at the command line
VIEWED = "查看个人明细"
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
#: one row: how many events there are and the hash of the last
head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
HASHED = ("prev_hash", "at", "user", "action", "object", "detail")
#: PostgreSQL's triggers call a function; the error is the class that SQLite's ``raise(abort)`` gives
_REFUSE = (
    "create or replace function audit_event_only_grows() returns trigger language plpgsql as $$ begin "
    "raise exception 'audit_event only grows' using errcode = 'integrity_constraint_violation'; end $$"
)
_DDL = [
    *(
        (
            "sqlite",
            f"create trigger audit_event_no_{verb} before {verb} on audit_event "
            "begin select raise(abort, 'audit_event only grows'); end",
        )
        for verb in ("update", "delete")
    ),
    ("postgresql", _REFUSE),
    *(
        (
            "postgresql",
            f"create trigger audit_event_no_{verb} before {verb} on audit_event "
            f"for each {each} execute function audit_event_only_grows()",
        )
        for verb, each in (("update", "row"), ("delete", "row"), ("truncate", "statement"))
    ),
]
for _dialect, _statement in _DDL:
    event.listen(events, "after_create", DDL(_statement).execute_if(dialect=_dialect))


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
    """Result of checking the chain: rows looked at, the first row that does not fit, and whether rows are cut off its end."""

    rows: int
    broken_at: int | None
    is_cut: bool = False

    @property
    def sound(self) -> bool:
        return self.broken_at is None and not self.is_cut

    @property
    def words(self) -> str:
        """The result as a Chinese sentence."""
        if self.broken_at is not None:
            return f"日志第 {self.broken_at} 条与校验不符,可能被改动、删除或调换,请立即核查。"
        if self.is_cut:
            return f"日志末尾与登记的条数不符(现有 {self.rows:,} 条),可能有记录被删除,请立即核查。"
        return f"日志共 {self.rows:,} 条,逐条校验一致,未被改动。"


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
                connection.execute(insert(events).values(**row, hash=hash_of(row)))
                _move_head(connection, row["prev_hash"], hash_of(row))
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
    """Walk the chain from the first row to the end that ``audit_head`` names.

    A changed, removed, inserted or moved row breaks it; rows removed from its end leave it cut.
    """
    expected, count, ending = FIRST_HASH, 0, None
    # One statement is one moment: what others add meanwhile is neither in the rows nor in the head.
    query = select(events, head.c.rows, head.c.hash.label("last_hash")).select_from(
        events.outerjoin(head, head.c.id == 1)
    )
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(events.c.id)).mappings():
            count += 1
            if row["prev_hash"] != expected or row["hash"] != hash_of(row):
                return Verdict(count, row["id"])
            expected, ending = row["hash"], (row["rows"], row["last_hash"])
        if ending is None:
            return Verdict(0, None, is_cut=connection.execute(select(head.c.id)).first() is not None)
    return Verdict(count, None, is_cut=ending != (count, expected))


def rows_after(engine: Engine, number: int) -> Iterator[dict[str, Any]]:
    """The stored rows from the ``number``-th on (0: all), oldest first, as they are hashed."""
    query = select(events).order_by(events.c.id).offset(number)
    with engine.connect() as connection:
        for row in connection.execute(query).mappings():
            yield dict(row)


def hash_of(row: Mapping[str, Any]) -> str:
    """The hash that a row must carry."""
    parts = [row[name] for name in HASHED]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _move_head(connection: Connection, before: str, after: str) -> None:
    """The end of the chain moves with its newest row, in the same transaction.

    Where the head does not stand at the row before, somebody has been at the table: it is left so that ``verify`` tells.
    """
    if before == FIRST_HASH and connection.execute(select(head.c.id)).first() is None:
        connection.execute(insert(head).values(id=1, rows=1, hash=after))
        return
    step = update(head).where(head.c.id == 1, head.c.hash == before)
    connection.execute(step.values(rows=head.c.rows + 1, hash=after))
