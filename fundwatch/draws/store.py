"""Sample draws in the app state: a draw is added once, with its frame, and never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from fundwatch.draws.design import Cell, Design, Drawn, Stratum
from fundwatch.draws.frame import Document
from fundwatch.draws.lots import ALGORITHM, ALGORITHM_VERSION, Signer
from fundwatch.errors import UsageError
from fundwatch.home import Home
from fundwatch.state.db import engine, metadata

LONGEST = 400
#: more people than an office has would have to draw in the same second
ATTEMPTS = 20
Made = TypeVar("Made")

SAMPLE_DRAW = Table(
    "sample_draw",
    metadata,
    Column("draw_id", String(20), primary_key=True),
    Column("issue", String(6), nullable=False, index=True),
    Column("rate", String(20), nullable=False),
    #: yuan; null: no certainty stratum
    Column("certainty", String(20)),
    Column("least", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("algorithm", String(40), nullable=False),
    Column("algorithm_version", String(10), nullable=False),
    Column("frame_hash", String(64), nullable=False),
    Column("frame_size", Integer, nullable=False),
    Column("frame_fund_fen", BigInteger, nullable=False),
    Column("sample_size", Integer, nullable=False),
    Column("items_hash", String(64), nullable=False),
    Column("data_version", String(40), nullable=False),
    Column("why", String(LONGEST), nullable=False),
    Column("drawn_by", String(80), nullable=False),
    #: UTC
    Column("drawn_at", DateTime, nullable=False),
)
SAMPLE_ITEM = Table(
    "sample_item",
    metadata,
    Column("draw_id", String(20), primary_key=True),
    Column("doc_id", String(64), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("fixmedins_code", String(20), nullable=False),
    Column("care_kind", String(4), nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("medfee_fen", BigInteger, nullable=False),
    Column("fund_fen", BigInteger, nullable=False),
    Column("chker", String(80)),
    Column("setl_id", String(64)),
)
SAMPLE_STRATUM = Table(
    "sample_stratum",
    metadata,
    Column("draw_id", String(20), primary_key=True),
    Column("fixmedins_code", String(20), primary_key=True),
    Column("care_kind", String(4), primary_key=True),
    Column("certain", Boolean, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("fund_fen", BigInteger, nullable=False),
    Column("sample", Integer, nullable=False),
)


@dataclass(frozen=True)
class SampleDraw:
    """A draw as it was made; ``drawn_at`` is UTC, ``frame_fund_fen`` whole fen."""

    draw_id: str
    issue: str
    rate: str
    certainty: str | None
    least: int
    seed: int
    algorithm: str
    algorithm_version: str
    frame_hash: str
    frame_size: int
    frame_fund_fen: int
    sample_size: int
    items_hash: str
    data_version: str
    why: str
    drawn_by: str
    drawn_at: dt.datetime

    @property
    def design(self) -> Design:
        return Design(Decimal(self.rate), Decimal(self.certainty) if self.certainty else None, self.least)


@dataclass(frozen=True)
class NewDraw:
    """What a draw is made of, before it has a number."""

    issue: str
    design: Design
    seed: int
    frame: Sequence[Document]
    frame_hash: str
    drawn: Drawn
    data_version: str
    why: str
    by: Signer


def add_draw(home: Home, new: NewDraw, keep_frame: Callable[[str], None]) -> SampleDraw:
    """Store a draw under the next number of its issue (S202406-01); ``keep_frame`` writes the frame of that number first."""
    if len(new.why) > LONGEST:
        raise UsageError(f"说明不超过 {LONGEST} 字。")
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)

    def make(connection: Connection, number: int) -> SampleDraw:
        draw = _draw(new, f"S{new.issue}-{number:02d}", now)
        connection.execute(insert(SAMPLE_DRAW), vars(draw))
        connection.execute(insert(SAMPLE_ITEM), _items(draw.draw_id, new.drawn))
        connection.execute(insert(SAMPLE_STRATUM), _strata(draw.draw_id, new.drawn))
        keep_frame(draw.draw_id)
        return draw

    return numbered(engine(home), SAMPLE_DRAW, SAMPLE_DRAW.c.issue == new.issue, make)


def numbered(store: Engine, table: Table, mine: object, make: Callable[[Connection, int], Made]) -> Made:
    """Call ``make`` in a transaction with the next free number among the rows that are ``mine``; tries again when another was
    faster.
    """
    for _ in range(ATTEMPTS):
        try:
            with store.begin() as connection:
                count = connection.execute(select(func.count()).select_from(table).where(mine)).scalar_one()  # type: ignore[arg-type]
                return make(connection, count + 1)
        except IntegrityError:
            continue
    raise RuntimeError("draw numbers are contended")


def draws(home: Home, issue: str | None = None) -> list[SampleDraw]:
    """All draws or those of an issue, newest first."""
    query = select(SAMPLE_DRAW).order_by(SAMPLE_DRAW.c.drawn_at.desc(), SAMPLE_DRAW.c.draw_id.desc())
    if issue is not None:
        query = query.where(SAMPLE_DRAW.c.issue == issue)
    with engine(home).connect() as connection:
        return [SampleDraw(**row) for row in connection.execute(query).mappings()]


def get_draw(home: Home, draw_id: str) -> SampleDraw:
    """The draw of that number; raises UsageError naming what there is."""
    with engine(home).connect() as connection:
        row = (
            connection.execute(select(SAMPLE_DRAW).where(SAMPLE_DRAW.c.draw_id == draw_id)).mappings().first()
        )
    if row is None:
        known = "、".join(draw.draw_id for draw in draws(home)[:5]) or "还没有抽样"
        raise UsageError(f"没有编号为 {draw_id} 的抽样。最近的抽样:{known}。")
    return SampleDraw(**row)


def items(home: Home, draw_id: str) -> list[tuple[Cell, Document]]:
    """The drawn documents in the order of the draw."""
    query = select(SAMPLE_ITEM).where(SAMPLE_ITEM.c.draw_id == draw_id).order_by(SAMPLE_ITEM.c.place)
    with engine(home).connect() as connection:
        return [
            (
                Cell(row.fixmedins_code, row.care_kind, row.certain),
                Document(
                    row.doc_id,
                    row.fixmedins_code,
                    row.care_kind,
                    row.medfee_fen,
                    row.fund_fen,
                    row.chker,
                    row.setl_id,
                ),
            )
            for row in connection.execute(query)
        ]


def strata(home: Home, draw_id: str) -> list[Stratum]:
    """The strata of a draw in order."""
    table = SAMPLE_STRATUM
    query = (
        select(table)
        .where(table.c.draw_id == draw_id)
        .order_by(table.c.fixmedins_code, table.c.care_kind, table.c.certain)
    )
    with engine(home).connect() as connection:
        found = [
            Stratum(Cell(row.fixmedins_code, row.care_kind, row.certain), row.size, row.fund_fen, row.sample)
            for row in connection.execute(query)
        ]
    # The database's order of Chinese words is its own.
    return sorted(found, key=lambda stratum: stratum.cell)


def _draw(new: NewDraw, draw_id: str, now: dt.datetime) -> SampleDraw:
    design = new.design
    return SampleDraw(
        draw_id=draw_id, issue=new.issue, rate=format(design.rate.normalize(), "f"),
        certainty=None if design.certainty is None else format(design.certainty, "f"), least=design.least,
        seed=new.seed, algorithm=ALGORITHM, algorithm_version=ALGORITHM_VERSION, frame_hash=new.frame_hash,
        frame_size=len(new.frame), frame_fund_fen=sum(document.fund_fen for document in new.frame),
        sample_size=len(new.drawn.documents), items_hash=new.drawn.items_hash, data_version=new.data_version,
        why=new.why, drawn_by=new.by.post, drawn_at=now,
    )  # fmt: skip


def _items(draw_id: str, drawn: Drawn) -> list[dict[str, object]]:
    return [
        {"draw_id": draw_id, "place": place, "certain": cell.certain, **vars(document)}
        for place, (cell, document) in enumerate(drawn.documents, 1)
    ]


def _strata(draw_id: str, drawn: Drawn) -> list[dict[str, object]]:
    return [
        {
            "draw_id": draw_id, **vars(stratum.cell), "size": stratum.size, "fund_fen": stratum.fund_fen,
            "sample": stratum.sample,
        }
        for stratum in drawn.strata
    ]  # fmt: skip
