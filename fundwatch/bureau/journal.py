"""The journal of changes to the bureau's own lists: who changed which row, from when, why, before and after. It only grows;
a change learns the batch that carried it into the lake, nothing else of it is ever written again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, String, Table, Text, insert, select, update

from fundwatch.contracts import code_lists, contracts
from fundwatch.home import Home
from fundwatch.state.db import engine, metadata

#: the tables that are edited on screen, in the order of the screen
LISTS = ("base_year", "event_mark", "med_type", "workday")
#: 0: taken back; set by the journal, never typed in
VALID = "vali_flag"
Row = Mapping[str, str | None]

LIST_CHANGE = Table(
    "own_list_change",
    metadata,
    Column("change_id", Integer, primary_key=True),
    Column("table_name", String(40), nullable=False, index=True),
    Column("content", Text, nullable=False),
    Column("taken_back", Boolean, nullable=False),
    #: JSON of the row that held before; null: there was none
    Column("before", Text),
    Column("effective_from", Date, nullable=False),
    Column("why", String(400), nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_at", DateTime, nullable=False),
    #: the load that carried it into the lake; null: not yet
    Column("batch_id", String(60)),
)


@dataclass(frozen=True)
class ListChange:
    """One change of one row. ``content`` holds every column as text (the loader reads it), without ``vali_flag``."""

    change_id: int
    table: str
    content: Row
    taken_back: bool
    before: Row | None
    effective_from: dt.date
    why: str
    set_by: str
    #: UTC
    set_at: dt.datetime
    batch_id: str | None

    @property
    def key(self) -> tuple[str | None, ...]:
        return key_of(self.table, self.content)


def columns_of(table: str) -> list[str]:
    """The columns that a person fills, in the contract's order."""
    return [column.name for column in contracts()[table].columns if column.name != VALID]


def key_of(table: str, row: Mapping[str, Any]) -> tuple[str | None, ...]:
    """The row's key as texts."""
    return tuple(None if row[name] is None else str(row[name]) for name in contracts()[table].key)


def changes(home: Home, table: str | None = None) -> list[ListChange]:
    """Every change of a list (None: of all), oldest record first."""
    query = select(LIST_CHANGE).order_by(LIST_CHANGE.c.change_id)
    if table is not None:
        query = query.where(LIST_CHANGE.c.table_name == table)
    with engine(home).connect() as connection:
        return [_change(row) for row in connection.execute(query).mappings()]


def add(
    home: Home,
    table: str,
    content: Row,
    *,
    taken_back: bool,
    before: Row | None,
    effective_from: dt.date,
    why: str,
    by: str,
) -> int:
    """Write one line and return its number."""
    row = {
        "table_name": table, "content": json.dumps(content, ensure_ascii=False), "taken_back": taken_back,
        "before": None if before is None else json.dumps(before, ensure_ascii=False),
        "effective_from": effective_from, "why": why, "set_by": by,
        "set_at": dt.datetime.now(dt.UTC).replace(tzinfo=None), "batch_id": None,
    }  # fmt: skip
    with engine(home).begin() as connection:
        return int(connection.execute(insert(LIST_CHANGE), row).inserted_primary_key[0])


def carried(home: Home, change_id: int, batch_id: str) -> None:
    """Note the load that carried the change into the lake."""
    where = LIST_CHANGE.c.change_id == change_id
    with engine(home).begin() as connection:
        connection.execute(update(LIST_CHANGE).where(where).values(batch_id=batch_id))


def said(table: str, row: Mapping[str, Any]) -> str:
    """The row in words: 年度 2026,险种类型 城乡居民基本医疗保险,可比基年 2024,理由 …; blanks are left out."""
    parts = []
    for column in contracts()[table].columns:
        value = row.get(column.name)
        if column.name == VALID or value is None or not str(value).strip():
            continue
        word = code_lists()[column.codes].get(str(value), str(value)) if column.codes else str(value)
        parts.append(f"{column.label} {word}")
    return ",".join(parts)


def _change(row: Mapping[str, Any]) -> ListChange:
    return ListChange(
        change_id=row["change_id"],
        table=row["table_name"],
        content=json.loads(row["content"]),
        taken_back=row["taken_back"],
        before=json.loads(row["before"]) if row["before"] else None,
        effective_from=row["effective_from"],
        why=row["why"],
        set_by=row["set_by"],
        set_at=row["set_at"],
        batch_id=row["batch_id"],
    )
