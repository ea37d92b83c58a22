"""Inspection draws in the app state with their frames as JSON under ``<home>/state/draws``; added once, never changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import BigInteger, Column, Connection, DateTime, Integer, String, Table, Text, insert, select

from fundwatch.draws.frame import FOLDER, write_whole
from fundwatch.draws.lots import Signer
from fundwatch.draws.store import LONGEST, numbered
from fundwatch.draws.teams import Assignment, Frame, Inspector, Institution
from fundwatch.errors import UsageError, UserError
from fundwatch.home import Home
from fundwatch.state.db import engine, metadata

ALGORITHM, ALGORITHM_VERSION = "SHA-256 排序双随机", "1"
INSPECT_DRAW = Table(
    "inspect_draw",
    metadata,
    Column("draw_id", String(20), primary_key=True),
    Column("year", Integer, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    #: JSON list of level classes; empty: all
    Column("classes", Text, nullable=False),
    Column("team_size", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("algorithm", String(40), nullable=False),
    Column("algorithm_version", String(10), nullable=False),
    Column("frame_hash", String(64), nullable=False),
    Column("frame_size", Integer, nullable=False),
    Column("inspector_count", Integer, nullable=False),
    Column("items_hash", String(64), nullable=False),
    Column("data_version", String(40), nullable=False),
    Column("why", String(LONGEST), nullable=False),
    Column("drawn_by", String(80), nullable=False),
    #: UTC
    Column("drawn_at", DateTime, nullable=False),
)
INSPECT_ITEM = Table(
    "inspect_item",
    metadata,
    Column("draw_id", String(20), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("fixmedins_code", String(20), nullable=False, index=True),
    #: JSON list of post codes
    Column("team", Text, nullable=False),
    Column("reason", String(LONGEST), nullable=False),
)


@dataclass(frozen=True)
class InspectDraw:
    """A double-random draw as it was made; ``drawn_at`` is UTC."""

    draw_id: str
    year: int
    size: int
    classes: str
    team_size: int
    seed: int
    algorithm: str
    algorithm_version: str
    frame_hash: str
    frame_size: int
    inspector_count: int
    items_hash: str
    data_version: str
    why: str
    drawn_by: str
    drawn_at: dt.datetime

    @property
    def level_classes(self) -> list[str]:
        return json.loads(self.classes)


@dataclass(frozen=True)
class Item:
    """One institution drawn with its team, in order."""

    place: int
    fixmedins_code: str
    team: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class NewInspectDraw:
    """What a draw is made of, before it has a number."""

    year: int
    classes: Sequence[str]
    team_size: int
    seed: int
    frame: Frame
    assignments: Sequence[Assignment]
    items_hash: str
    data_version: str
    why: str
    by: Signer


def add_inspect_draw(home: Home, new: NewInspectDraw) -> InspectDraw:
    """Store a draw with its frame under the next number of the year (I2026-01)."""
    if len(new.why) > LONGEST:
        raise UsageError(f"说明不超过 {LONGEST} 字。")
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)

    def make(connection: Connection, number: int) -> InspectDraw:
        draw = InspectDraw(
            f"I{new.year}-{number:02d}", new.year, len(new.assignments), json.dumps(list(new.classes), ensure_ascii=False),
            new.team_size, new.seed, ALGORITHM, ALGORITHM_VERSION, new.frame.hash, len(new.frame.institutions),
            len(new.frame.inspectors), new.items_hash, new.data_version, new.why, new.by.post, now,
        )  # fmt: skip
        connection.execute(insert(INSPECT_DRAW), vars(draw))
        connection.execute(insert(INSPECT_ITEM), _rows(draw.draw_id, new.assignments))
        text = json.dumps(asdict(new.frame), ensure_ascii=False)
        write_whole(frame_file(home, draw.draw_id), lambda to: to.write_text(text, encoding="utf-8"))
        return draw

    return numbered(engine(home), INSPECT_DRAW, INSPECT_DRAW.c.year == new.year, make)


def inspect_draws(home: Home) -> list[InspectDraw]:
    """All draws, newest first."""
    query = select(INSPECT_DRAW).order_by(INSPECT_DRAW.c.drawn_at.desc(), INSPECT_DRAW.c.draw_id.desc())
    with engine(home).connect() as connection:
        return [InspectDraw(**row) for row in connection.execute(query).mappings()]


def get_inspect_draw(home: Home, draw_id: str) -> InspectDraw:
    """The draw of that number; raises UsageError naming what there is."""
    found = {draw.draw_id: draw for draw in inspect_draws(home)}
    if draw_id not in found:
        known = "、".join(list(found)[:5]) or "还没有抽取"
        raise UsageError(f"没有编号为 {draw_id} 的双随机抽取。最近的抽取:{known}。")
    return found[draw_id]


def inspect_items(home: Home, draw_id: str) -> list[Item]:
    """The institutions of a draw in order."""
    query = select(INSPECT_ITEM).where(INSPECT_ITEM.c.draw_id == draw_id).order_by(INSPECT_ITEM.c.place)
    with engine(home).connect() as connection:
        return [
            Item(row.place, row.fixmedins_code, tuple(json.loads(row.team)), row.reason)
            for row in connection.execute(query)
        ]


def frame_file(home: Home, draw_id: str) -> Path:
    """Where the frame of an inspection draw lies."""
    return home.state / FOLDER / f"{draw_id}.json"


def read_frame_file(path: Path) -> Frame:
    """The frozen frame; raises UserError when the file is gone or cannot be read."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        return Frame(
            tuple(Institution(**{**one, "last_team": tuple(one["last_team"])}) for one in given["institutions"]),
            tuple(Inspector(one["post"], tuple(one["areas"]), tuple(one["avoids"])) for one in given["inspectors"]),
            tuple((a, b) for a, b in given["last_pairs"]), given["source"],
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"抽取名单文件 {path.name} 缺失或已损坏,无法重放。请从备份恢复 state 目录。"
        ) from error


def _rows(draw_id: str, assignments: Sequence[Assignment]) -> list[dict[str, object]]:
    return [
        {
            "draw_id": draw_id, "place": place, "fixmedins_code": one.institution.fixmedins_code,
            "team": json.dumps(one.team, ensure_ascii=False), "reason": one.reason,
        }
        for place, one in enumerate(assignments, 1)
    ]  # fmt: skip
