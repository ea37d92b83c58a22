"""Views that people keep: a screen's choices under a name, for oneself or for all. Kept apart from the serving files.

A view is the parameters of an address and nothing else: it holds no number, so it never grows old. What was kept is never deleted, a
row only ends; keeping, sharing and removing stand in the audit log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
    insert,
    or_,
    select,
    update,
)

from fundwatch.clock import Clock, china_time, system_clock
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.loader.privacy import mask
from fundwatch.state.audit import record
from fundwatch.state.db import engine, metadata
from fundwatch.state.users import User

LONGEST_NAME, LONGEST_DEFINITION = 40, 4_000
KEEP, SHARE, REMOVE = "保存视图", "共享视图", "删除视图"

view_row = Table(
    "saved_view",
    metadata,
    Column("view_id", Integer, primary_key=True),
    #: url_path of the screen
    Column("screen", String(40), nullable=False, index=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("username", String(32), nullable=False),
    Column("post", String(32), nullable=False),
    Column("shared", Boolean, nullable=False),
    #: the address's parameters as JSON: name → values
    Column("definition", Text, nullable=False),
    #: ISO times of Asia/Shanghai; ``ended_at`` null: stands
    Column("at", String(32), nullable=False),
    Column("ended_at", String(32)),
)


@dataclass(frozen=True)
class View:
    """A view that stands. ``post`` is what a screen shows of its owner, ``definition`` the parameters of an address."""

    view_id: int
    screen: str
    name: str
    username: str
    post: str
    shared: bool
    definition: Mapping[str, Sequence[str]]
    at: str


class Views:
    """The views of one home."""

    def __init__(self, store: Engine, clock: Clock = system_clock) -> None:
        self._engine, self._clock = store, clock

    @classmethod
    def of(cls, home: Home) -> Views:
        return cls(engine(home))

    def seen_by(self, user: User, screen: str) -> list[View]:
        """The views of a screen that a person may open: the own ones first, then what others share, by name."""
        mine_or_shared = or_(view_row.c.username == user.username, view_row.c.shared)
        found = self._standing(view_row.c.screen == screen, mine_or_shared)
        return sorted(found, key=lambda one: (one.username != user.username, one.name, one.view_id))

    def keep(
        self, user: User, screen: str, name: str, definition: Mapping[str, Sequence[str]], *, shared: bool
    ) -> View:
        """Keep the choices under a name; the own view of that name ends. ID-card and phone numbers in the name are masked.

        Raises UserError for a missing or overlong name or definition.
        """
        text, _ = mask(" ".join(name.split()))
        if not text or len(text) > LONGEST_NAME:
            raise UserError(f"视图名称应为 1 至 {LONGEST_NAME} 个字。")
        content = json.dumps(
            {key: list(values) for key, values in sorted(definition.items())}, ensure_ascii=False
        )
        if len(content) > LONGEST_DEFINITION:
            raise UserError("筛选条件太多,不能保存为视图。请减少所选机构或乡镇。")
        now = china_time(self._clock()).isoformat(timespec="seconds")
        row = {
            "screen": screen, "name": text, "username": user.username, "post": user.post, "shared": shared, "definition": content,
            "at": now,
        }  # fmt: skip
        own = and_(view_row.c.username == user.username, view_row.c.screen == screen, view_row.c.name == text)
        with self._engine.begin() as connection:
            connection.execute(
                update(view_row).where(own, view_row.c.ended_at.is_(None)).values(ended_at=now)
            )
            made = connection.execute(insert(view_row).values(**row)).inserted_primary_key
        record(
            self._engine,
            user.username,
            KEEP,
            f"{screen}:{text}",
            {"shared": shared, "definition": content},
            clock=self._clock,
        )
        return _view({"view_id": int(made[0]), **row})

    def share(self, user: User, view_id: int, shared: bool) -> None:
        """Show one's own view to all who may open the screen, or take it back."""
        view = self._own(user, view_id)
        self._change(view_id, shared=shared)
        record(
            self._engine,
            user.username,
            SHARE,
            f"{view.screen}:{view.name}",
            {"shared": shared},
            clock=self._clock,
        )

    def remove(self, user: User, view_id: int) -> None:
        """End one's own view."""
        view = self._own(user, view_id)
        self._change(view_id, ended_at=china_time(self._clock()).isoformat(timespec="seconds"))
        record(self._engine, user.username, REMOVE, f"{view.screen}:{view.name}", {}, clock=self._clock)

    def _own(self, user: User, view_id: int) -> View:
        found = self._standing(view_row.c.view_id == view_id)
        if not found:
            raise UserError("这个视图已被删除。")
        if found[0].username != user.username:
            raise UserError("只能修改或删除自己保存的视图。")
        return found[0]

    def _change(self, view_id: int, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(view_row).where(view_row.c.view_id == view_id).values(**values))

    def _standing(self, *conditions: Any) -> list[View]:
        query = (
            select(view_row).where(view_row.c.ended_at.is_(None), *conditions).order_by(view_row.c.view_id)
        )
        with self._engine.connect() as connection:
            return [_view(row) for row in connection.execute(query).mappings()]


def _view(row: Mapping[str, Any]) -> View:
    fields = {name: row[name] for name in ("view_id", "screen", "name", "username", "post", "shared", "at")}
    return View(**fields, definition=json.loads(row["definition"]))
