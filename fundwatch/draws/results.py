"""What the second reviewers found: entered or loaded rows that only add up, checked one by one, with who, when and why.

A document's amount has two stages: 复审 (what the reviewer found) and 申诉后 (what stood after the appeal). The newest entry of a
stage counts; without an entry what the platform's own fields say (doc_d.smpl_*, doc_suspt_d of source 3) counts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, Integer, String, Table, insert, select

from fundwatch.draws.frame import Document, fen, yuan
from fundwatch.draws.lots import Signer
from fundwatch.draws.store import LONGEST, SampleDraw
from fundwatch.home import Home
from fundwatch.loader.privacy import mask
from fundwatch.state.audit import record
from fundwatch.state.db import engine, metadata

ENTERED = "登记复审结果"
#: a post code such as 复审岗01 or F02: no blank, at least one figure, so that a person's name does not pass
POST = re.compile(r"(?=\S*\d)\S{2,32}")


class Stage(StrEnum):
    """When an amount was found; the value is the word on screen and in the database."""

    REVIEW = "复审"
    APPEAL = "申诉后"


class Source(StrEnum):
    """Where an amount comes from."""

    PLATFORM = "平台数据"
    TYPED = "页面登记"
    FILE = "文件导入"


SAMPLE_RESULT = Table(
    "sample_result",
    metadata,
    Column("result_id", Integer, primary_key=True),
    Column("draw_id", String(20), nullable=False, index=True),
    Column("doc_id", String(64), nullable=False),
    Column("stage", String(8), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("reviewer", String(32), nullable=False),
    Column("reviewed_on", Date, nullable=False),
    Column("why", String(LONGEST), nullable=False),
    Column("source", String(8), nullable=False),
    Column("entered_by", String(80), nullable=False),
    #: UTC
    Column("entered_at", DateTime, nullable=False),
)


@dataclass(frozen=True)
class Entry:
    """One amount to be entered; ``amount`` in 元, ``row`` where it stands in a file (0: typed in)."""

    doc_id: str
    amount: Decimal
    reviewer: str
    reviewed_on: dt.date
    stage: Stage = Stage.REVIEW
    why: str = ""
    row: int = 0


@dataclass(frozen=True)
class Refusal:
    """A row that is not taken, and why."""

    row: int
    doc_id: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """Entries looked at before anything is written."""

    accepted: tuple[Entry, ...]
    unchanged: int
    refused: tuple[Refusal, ...]


@dataclass(frozen=True)
class Found:
    """How a drawn document stands: amounts in fen, None: not there yet."""

    review_fen: int | None = None
    appeal_fen: int | None = None
    reviewer: str = ""
    reviewed_on: dt.date | None = None
    source: str = ""
    why: str = ""
    #: what the platform says where an entry says something else
    platform_fen: int | None = None

    @property
    def final_fen(self) -> int | None:
        """The amount after appeal where there is one, else what the review found."""
        return self.review_fen if self.appeal_fen is None else self.appeal_fen

    @property
    def differs(self) -> bool:
        """Whether entry and platform disagree about the review."""
        return self.platform_fen is not None and self.platform_fen != self.review_fen

    def at(self, stage: Stage) -> int | None:
        """The amount before (复审) or after (申诉后) appeals."""
        return self.review_fen if stage is Stage.REVIEW else self.final_fen


def entries_of(home: Home, draw_id: str) -> list[dict[str, Any]]:
    """Every entry of a draw, oldest first: the trail."""
    query = (
        select(SAMPLE_RESULT).where(SAMPLE_RESULT.c.draw_id == draw_id).order_by(SAMPLE_RESULT.c.result_id)
    )
    with engine(home).connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def standing(
    drawn: Iterable[Document], entries: Sequence[Mapping[str, Any]], platform: Sequence[Mapping[str, Any]]
) -> dict[str, Found]:
    """How each drawn document stands, from the entries and the rows of sample_results.sql."""
    reviews = {entry["doc_id"]: entry for entry in entries if entry["stage"] == Stage.REVIEW}
    appeals = {entry["doc_id"]: entry for entry in entries if entry["stage"] == Stage.APPEAL}
    loaded = {row["doc_id"]: row for row in platform if row["smpl_rchk_date"] is not None}
    return {
        document.doc_id: _found(
            reviews.get(document.doc_id), appeals.get(document.doc_id), loaded.get(document.doc_id)
        )
        for document in drawn
    }


def _found(review: Mapping | None, appeal: Mapping | None, platform: Mapping | None) -> Found:
    said = None if platform is None else fen(platform["smpl_vola_amt"])
    appealed = None if platform is None or platform["appeal_amt"] is None else fen(platform["appeal_amt"])
    if appeal is not None:
        appealed = appeal["amount_fen"]
    if review is not None:
        why = appeal["why"] if appeal is not None else review["why"]
        return Found(
            review["amount_fen"], appealed, review["reviewer"], review["reviewed_on"], review["source"], why, said
        )  # fmt: skip
    if platform is None:
        return Found()
    why = appeal["why"] if appeal is not None else ""
    return Found(
        said, appealed, platform["smpl_rchker"] or "", platform["smpl_rchk_date"], Source.PLATFORM, why, said
    )


def check(
    entries: Sequence[Entry], drawn: Mapping[str, Document], found: Mapping[str, Found], today: dt.date
) -> Checked:
    """Look at entries against the sample and what stands already; nothing is written."""
    accepted: list[Entry] = []
    refused: list[Refusal] = []
    unchanged = 0
    # In a file the appeal of a document may stand above its review.
    soon: dict[tuple[str, Stage], int] = {}
    for entry in sorted(entries, key=lambda one: one.stage is Stage.APPEAL):
        document, now = drawn.get(entry.doc_id), found.get(entry.doc_id, Found())
        reviewed = soon.get((entry.doc_id, Stage.REVIEW), now.review_fen)
        stands = now.review_fen if entry.stage is Stage.REVIEW else now.appeal_fen
        reason = _fault(entry, document, reviewed, stands, today) or _below_appeal(entry, now)
        if not reason and (entry.doc_id, entry.stage) in soon:
            reason = "同一单据在本次登记中出现两次"
        if reason:
            refused.append(Refusal(entry.row, entry.doc_id, reason))
        elif stands == fen(entry.amount) and (entry.stage is Stage.APPEAL or now.source != Source.PLATFORM):
            unchanged += 1
            soon[entry.doc_id, entry.stage] = fen(entry.amount)
        else:
            accepted.append(entry)
            soon[entry.doc_id, entry.stage] = fen(entry.amount)
    return Checked(tuple(accepted), unchanged, tuple(sorted(refused, key=lambda one: one.row)))


def _below_appeal(entry: Entry, now: Found) -> str:
    if entry.stage is Stage.APPEAL or now.appeal_fen is None or fen(entry.amount) >= now.appeal_fen:
        return ""
    return f"低于已有的申诉后金额 {yuan(now.appeal_fen):,} 元,请先更正申诉后金额"


def _fault(  # noqa: PLR0911 - one return for each rule
    entry: Entry, document: Document | None, reviewed: int | None, stands: int | None, today: dt.date
) -> str:
    """Why the entry is not taken, or an empty string."""
    if document is None:
        return "不在本次抽样的样本中"
    if not POST.fullmatch(entry.reviewer):
        return "复审岗位应写岗位代码(含编号,例如 复审岗01),不写姓名"
    if entry.reviewer == document.chker:
        return f"复审人与该单据的初审人({document.chker})相同,岗位应当分离"
    if entry.reviewed_on > today:
        return "复审日期晚于今天"
    if not 0 <= fen(entry.amount) <= document.medfee_fen:
        return f"违规金额应在 0 至该单据医疗费总额 {yuan(document.medfee_fen):,} 元之间"
    if entry.stage is Stage.APPEAL and reviewed is None:
        return "尚无复审结果,不能登记申诉后金额"
    if entry.stage is Stage.APPEAL and reviewed is not None and fen(entry.amount) > reviewed:
        return f"申诉后金额不能高于复审金额 {yuan(reviewed):,} 元"
    if stands is not None and stands != fen(entry.amount) and not entry.why.strip():
        return "与已有结果不同,更正须写明理由"
    return "" if len(entry.why) <= LONGEST else f"理由不超过 {LONGEST} 字"


def enter(home: Home, draw: SampleDraw, checked: Checked, source: Source, by: Signer) -> int:
    """Write the accepted entries in one transaction and log how many; returns their number."""
    if not checked.accepted:
        return 0
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    rows = [
        {
            "draw_id": draw.draw_id, "doc_id": entry.doc_id, "stage": entry.stage.value, "amount_fen": fen(entry.amount),
            "reviewer": entry.reviewer, "reviewed_on": entry.reviewed_on, "why": mask(entry.why.strip())[0],
            "source": source.value, "entered_by": by.post, "entered_at": now,
        }
        for entry in checked.accepted
    ]  # fmt: skip
    store = engine(home)
    with store.begin() as connection:
        connection.execute(insert(SAMPLE_RESULT), rows)
    detail = {
        "rows": len(rows), "amount": str(sum((entry.amount for entry in checked.accepted), Decimal(0))),
        "source": source.value, "refused": len(checked.refused),
    }  # fmt: skip
    record(store, by.user, ENTERED, draw.draw_id, detail)
    return len(rows)
