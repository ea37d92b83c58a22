"""Queries that analysts keep: a statement under a name, for oneself or for all analysts.

What was kept is never deleted, a row only ends; keeping and removing stand in the audit log with the statement's hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Integer,
    String,
    Table,
    Text,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)

from fundwatch.analyst.run import statement_hash
from fundwatch.clock import Clock, china_time, system_clock
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.loader.privacy import mask
from fundwatch.state.audit import record
from fundwatch.state.db import engine, metadata
from fundwatch.state.users import User

LONGEST_NAME, LONGEST_SQL, MOST = 40, 20_000, 200
KEEP, SHARE, REMOVE = "保存查询", "共享查询", "删除查询"

query_row = Table(
    "saved_query",
    metadata,
    Column("query_id", Integer, primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("sql", Text, nullable=False),
    Column("username", String(32), nullable=False, index=True),
    Column("post", String(32), nullable=False),
    Column("shared", Boolean, nullable=False),
    #: ISO times of Asia/Shanghai; ``ended_at`` null: stands
    Column("at", String(32), nullable=False),
    Column("ended_at", String(32)),
)


@dataclass(frozen=True)
class Query:
    """A kept query that stands. ``post`` is what a screen shows of its owner."""

    query_id: int
    name: str
    sql: str
    username: str
    post: str
    shared: bool
    at: str


class Queries:
    """The kept queries of one home."""

    def __init__(self, store: Engine, clock: Clock = system_clock) -> None:
        self._engine, self._clock = store, clock

    @classmethod
    def of(cls, home: Home) -> Queries:
        return cls(engine(home))

    def seen_by(self, user: User) -> list[Query]:
        """The queries that a person may open: the own ones first, then what others share, by name."""
        found = self._standing(or_(query_row.c.username == user.username, query_row.c.shared))
        return sorted(found, key=lambda one: (one.username != user.username, one.name, one.query_id))

    def keep(self, user: User, name: str, sql: str, *, shared: bool) -> Query:
        """Keep a statement under a name; the own query of that name ends.

        Raises UserError for a missing or overlong name or statement, for one that holds an ID-card or phone number, and above
        ``MOST`` queries of one person.
        """
        text, statement = " ".join(name.split()), sql.strip()
        if not text or len(text) > LONGEST_NAME:
            raise UserError(f"查询名称应为 1 至 {LONGEST_NAME} 个字。")
        if not statement or len(statement) > LONGEST_SQL:
            raise UserError(f"要保存的语句应为 1 至 {LONGEST_SQL:,} 个字符。")
        if mask(text)[1] or mask(statement)[1]:
            raise UserError("名称或语句中含有身份证号或电话号码,不能保存。")
        own = and_(query_row.c.username == user.username, query_row.c.ended_at.is_(None))
        now = china_time(self._clock()).isoformat(timespec="seconds")
        row = {
            "name": text, "sql": statement, "username": user.username, "post": user.post, "shared": shared, "at": now,
        }  # fmt: skip
        with self._engine.begin() as connection:
            connection.execute(update(query_row).where(own, query_row.c.name == text).values(ended_at=now))
            count = connection.execute(select(func.count()).select_from(query_row).where(own)).scalar_one()
            if count >= MOST:
                raise UserError(f"每人最多保存 {MOST} 条查询,请先删除不用的。")
            made = connection.execute(insert(query_row).values(**row)).inserted_primary_key
        self._log(user, KEEP, text, {"sha256": statement_hash(statement), "shared": shared})
        return Query(int(made[0]), **row)

    def share(self, user: User, query_id: int, shared: bool) -> None:
        """Show one's own query to all analysts, or take it back."""
        query = self._own(user, query_id)
        self._change(query_id, shared=shared)
        self._log(user, SHARE, query.name, {"sha256": statement_hash(query.sql), "shared": shared})

    def remove(self, user: User, query_id: int) -> None:
        """End one's own query."""
        query = self._own(user, query_id)
        self._change(query_id, ended_at=china_time(self._clock()).isoformat(timespec="seconds"))
        self._log(user, REMOVE, query.name, {"sha256": statement_hash(query.sql)})

    def _own(self, user: User, query_id: int) -> Query:
        found = self._standing(query_row.c.query_id == query_id)
        if not found:
            raise UserError("这条查询已被删除。")
        if found[0].username != user.username:
            raise UserError("只能修改或删除自己保存的查询。")
        return found[0]

    def _change(self, query_id: int, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(query_row).where(query_row.c.query_id == query_id).values(**values))

    def _log(self, user: User, action: str, name: str, detail: Mapping[str, Any]) -> None:
        record(self._engine, user.username, action, name, detail, clock=self._clock)

    def _standing(self, *conditions: Any) -> list[Query]:
        wanted = select(query_row).where(query_row.c.ended_at.is_(None), *conditions)
        names = ("query_id", "name", "sql", "username", "post", "shared", "at")
        with self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(query_row.c.query_id)).mappings().all()
        return [Query(**{name: row[name] for name in names}) for row in rows]
