"""Drawing, replaying and looking at a second-review sample: what the command and the screen call."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from fundwatch.draws.design import Design, draw
from fundwatch.draws.frame import Document, documents, frame_hash, frame_path, read_frame, write_frame
from fundwatch.draws.lots import ALGORITHM, ALGORITHM_VERSION, Signer, read_seed
from fundwatch.draws.store import NewDraw, SampleDraw, add_draw, items
from fundwatch.errors import UsageError, UserError
from fundwatch.home import Home
from fundwatch.settings import Settings, Values
from fundwatch.state.audit import events, record
from fundwatch.state.db import engine
from fundwatch.steps import page_sql
from fundwatch.warehouse import Warehouse

DRAWN, REPLAYED = "抽取复审样本", "重放复审抽样"


@dataclass(frozen=True)
class Replay:
    """A draw made again from its frozen frame. ``differences`` are documents drawn then or now, not both times."""

    draw: SampleDraw
    frame_hash: str
    sample_size: int
    items_hash: str
    differences: int
    #: the log holds this draw with the same seed and hashes
    logged: bool
    #: the frame as the data are now: documents new, gone, with another amount or stratum; None: no data to compare
    now: tuple[int, int, int] | None

    @property
    def frame_sound(self) -> bool:
        return self.frame_hash == self.draw.frame_hash

    @property
    def sound(self) -> bool:
        """Frame, drawn list, stored list and log are all what they were."""
        same = not self.differences and self.items_hash == self.draw.items_hash
        return self.frame_sound and same and self.logged

    def words(self) -> str:
        """What came out, in one Chinese sentence."""
        if self.sound:
            return f"重放一致:抽样框 {self.draw.frame_size:,} 件哈希相符,重新抽取的 {self.sample_size:,} 件与原结果逐件相同。"
        if not self.frame_sound:
            return "重放不一致:冻结的抽样框与抽样时的哈希不符,文件可能被改动。"
        if self.differences:
            return f"重放不一致:有 {self.differences:,} 件与登记的抽样结果不同,登记可能被改动。"
        return "重放不一致:抽样登记与操作日志中的种子或哈希不符,登记可能被改动。"

    def now_words(self) -> str:
        """How the data have moved since, or an empty string."""
        if self.now is None:
            return ""
        new, gone, changed = self.now
        if not any(self.now):
            return "现有数据与冻结的抽样框相同。"
        return f"抽样之后数据有变化:新增 {new:,} 件、减少 {gone:,} 件、改变 {changed:,} 件;重放只用冻结的抽样框,不受影响。"


def page_rows(warehouse: Warehouse, name: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of ``queries/pages/<name>.sql``."""
    return warehouse.query(page_sql(name), values).to_pylist()


def issue_frame(warehouse: Warehouse, issue: str) -> list[Document]:
    """The documents of an issue that passed first review, by id."""
    return documents(page_rows(warehouse, "sample_frame", issue=issue))


def design_of(values: Settings | Values, on: dt.date, given: Mapping[str, Decimal | int | None]) -> Design:
    """The design from what is given (rate, certainty, least) and the parameters in force; a certainty of 0 means none."""
    settings = values.now()
    rate, certainty, least = (given.get(name) for name in ("rate", "certainty", "least"))
    if rate is None:
        rate = Decimal(str(settings.get("sample_rate_pct", on))) / 100
    if certainty is None:
        certainty = Decimal(str(settings.get("sample_certainty_amount", on)))
    if least is None:
        least = int(settings.get("sample_stratum_least", on) or 1)
    return Design(Decimal(rate), Decimal(certainty) or None, int(least))


def draw_sample(
    home: Home, warehouse: Warehouse, issue: str, design: Design, *, seed: int | None, why: str, by: Signer
) -> SampleDraw:
    """Freeze the frame, draw, store and log. Raises UserError when no document of the issue has passed first review."""
    if len(issue) != 6 or not issue.isdigit() or not 1 <= int(issue[4:]) <= 12:
        raise UsageError(f"期号“{issue}”应写成 202406。")
    chosen = read_seed(seed)
    frame = issue_frame(warehouse, issue)
    if not frame:
        raise UserError(f"{issue} 期没有初审通过的单据,不能抽样。请先载入该期的审核单据(doc_d)并生成版本。")
    new = NewDraw(
        issue,
        design,
        chosen,
        frame,
        frame_hash(frame),
        draw(frame, design, chosen),
        warehouse.version,
        why,
        by,
    )
    made = add_draw(home, new, lambda draw_id: write_frame(frame_path(home, draw_id), frame))
    record(engine(home), by.user, DRAWN, made.draw_id, trace(made))
    return made


def trace(made: SampleDraw) -> dict[str, Any]:
    """What the log keeps of a draw; enough to notice a changed row or file later."""
    return {
        "issue": made.issue, "rate": made.rate, "certainty": made.certainty, "least": made.least, "seed": made.seed,
        "algorithm": f"{made.algorithm} {made.algorithm_version}", "frame": made.frame_size,
        "frame_hash": made.frame_hash, "drawn": made.sample_size, "items_hash": made.items_hash,
        "version": made.data_version, "why": made.why,
    }  # fmt: skip


def replay(home: Home, made: SampleDraw, warehouse: Warehouse | None, by: Signer) -> Replay:
    """Draw again from the frozen frame and compare with what is stored; logged with its outcome."""
    if (made.algorithm, made.algorithm_version) != (ALGORITHM, ALGORITHM_VERSION):
        raise UserError(
            f"这次抽样用的算法“{made.algorithm} {made.algorithm_version}”本程序不能重放,请用当时的程序版本。"
        )
    frame = read_frame(frame_path(home, made.draw_id))
    again = draw(frame, made.design, made.seed)
    stored = [document.doc_id for _, document in items(home, made.draw_id)]
    fresh = [document.doc_id for _, document in again.documents]
    differences = len(set(stored) ^ set(fresh)) or sum(a != b for a, b in zip(stored, fresh, strict=True))
    now = None if warehouse is None else moved(frame, issue_frame(warehouse, made.issue))
    logged = is_logged(home, DRAWN, made.draw_id, trace(made))
    found = Replay(made, frame_hash(frame), len(fresh), again.items_hash, differences, logged, now)
    detail = {"sound": found.sound, "frame_hash": found.frame_hash, "differences": differences}
    record(engine(home), by.user, REPLAYED, made.draw_id, detail)
    return found


def is_logged(home: Home, action: str, draw_id: str, detail: Mapping[str, Any]) -> bool:
    """Whether the log, which only grows, holds the draw with exactly these facts."""
    query = select(events.c.detail).where(events.c.action == action, events.c.object == draw_id)
    with engine(home).connect() as connection:
        found = [json.loads(text) for text in connection.execute(query).scalars()]
    return found == [dict(detail)]


def moved(then: Sequence[Document], now: Sequence[Document]) -> tuple[int, int, int]:
    """Documents that are new, gone, or changed in institution, kind or amount."""

    def facts(frame: Sequence[Document]) -> dict[str, tuple[str, str, int, int]]:
        return {d.doc_id: (d.fixmedins_code, d.care_kind, d.medfee_fen, d.fund_fen) for d in frame}

    before, after = facts(then), facts(now)
    changed = sum(after[key] != before[key] for key in before.keys() & after.keys())
    return len(after.keys() - before.keys()), len(before.keys() - after.keys()), changed
