"""The list of inspectors: post codes with their own area and institutions to be avoided; each change is logged."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Boolean, Column, DateTime, String, Table, Text, delete, insert, select

from fundwatch.draws.lots import Signer
from fundwatch.draws.results import POST
from fundwatch.draws.teams import Inspector
from fundwatch.errors import UsageError
from fundwatch.home import Home
from fundwatch.state.audit import record
from fundwatch.state.db import engine, metadata

CHANGED = "登记检查人员"
INSPECTOR = Table(
    "inspector",
    metadata,
    Column("post", String(32), primary_key=True),
    #: JSON lists of town codes and institution codes
    Column("areas", Text, nullable=False),
    Column("avoids", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("changed_by", String(80), nullable=False),
    #: UTC
    Column("changed_at", DateTime, nullable=False),
)


@dataclass(frozen=True)
class Listed:
    """An inspector as listed; one who is not ``enabled`` takes part in no draw."""

    inspector: Inspector
    enabled: bool


def listed(home: Home) -> list[Listed]:
    """The list by post code."""
    with engine(home).connect() as connection:
        rows = connection.execute(select(INSPECTOR)).all()
    found = [
        Listed(Inspector(row.post, tuple(json.loads(row.areas)), tuple(json.loads(row.avoids))), row.enabled)
        for row in rows
    ]
    return sorted(found, key=lambda one: one.inspector.post)


def set_inspector(home: Home, inspector: Inspector, enabled: bool, by: Signer) -> None:
    """Add an inspector or replace what is listed. Raises UsageError for what is no post code."""
    check_post(inspector.post)
    areas, avoids = sorted(set(inspector.areas)), sorted(set(inspector.avoids))
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    row = {
        "post": inspector.post, "areas": json.dumps(areas), "avoids": json.dumps(avoids), "enabled": enabled,
        "changed_by": by.post, "changed_at": now,
    }  # fmt: skip
    store = engine(home)
    with store.begin() as connection:
        connection.execute(delete(INSPECTOR).where(INSPECTOR.c.post == inspector.post))
        connection.execute(insert(INSPECTOR), row)
    record(store, by.user, CHANGED, inspector.post, {"areas": areas, "avoids": avoids, "enabled": enabled})


def check_post(post: str) -> None:
    """Raise UsageError unless it is a post code with a number in it; a person's name is not kept."""
    if not POST.fullmatch(post):
        raise UsageError(f"“{post}”应写岗位代码(含编号,例如 检查员01),不写姓名。")


def posts_in(texts: Sequence[str | None]) -> list[str]:
    """Post codes that the inspection ledger names, in order; words without a number (names) are left out."""
    found = {post for text in texts for post in split_posts(text)}
    return sorted(found)


def split_posts(text: str | None) -> list[str]:
    """检查员04;检查员06 → the two post codes."""
    words = re.split(r"[;,、；，\s]+", text or "")
    return [word for word in words if POST.fullmatch(word)]
