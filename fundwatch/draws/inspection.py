"""Making and replaying double-random draws: what the command and the screen call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from fundwatch.draws.inspection_store import (
    ALGORITHM,
    ALGORITHM_VERSION,
    InspectDraw,
    NewInspectDraw,
    add_inspect_draw,
    frame_file,
    inspect_draws,
    inspect_items,
    read_frame_file,
)
from fundwatch.draws.inspectors import listed, posts_in, split_posts
from fundwatch.draws.lots import Signer, digest, read_seed
from fundwatch.draws.service import is_logged, page_rows
from fundwatch.draws.teams import Assignment, Frame, Inspector, Institution, double_random, lines_of, pairs_of
from fundwatch.errors import UsageError, UserError
from fundwatch.home import Home
from fundwatch.kpi import rows
from fundwatch.settings import Settings
from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.warehouse import Warehouse

DRAWN, REPLAYED = "双随机抽取", "重放双随机抽取"
OWN_LIST, LEDGER = "检查人员名单", "检查台账(未登记片区,不能回避)"
CLASSES = ("三级", "二级", "一级", "未定级", "药店")
HOW_TO_LIST = "还没有检查人员。请在“检查覆盖 / 双随机抽取”登记检查人员(岗位代码和所在片区),或用 fundwatch inspect inspector 登记。"


@dataclass(frozen=True)
class InspectReplay:
    """A draw made again from its frozen frame; ``differences`` are lines that are not the same then and now."""

    draw: InspectDraw
    frame_hash: str
    items_hash: str
    differences: int
    logged: bool

    @property
    def frame_sound(self) -> bool:
        return self.frame_hash == self.draw.frame_hash

    @property
    def sound(self) -> bool:
        """Frame, teams, stored list and log are all what they were."""
        same = not self.differences and self.items_hash == self.draw.items_hash
        return self.frame_sound and same and self.logged

    def words(self) -> str:
        """What came out, in one Chinese sentence."""
        if self.sound:
            return f"重放一致:名单哈希相符,重新抽取的 {self.draw.size:,} 家机构和检查组与原结果逐条相同。"
        if not self.frame_sound:
            return "重放不一致:冻结的机构和人员名单与抽取时的哈希不符,文件可能被改动。"
        if self.differences:
            return f"重放不一致:有 {self.differences:,} 条与登记的抽取结果不同,登记可能被改动。"
        return "重放不一致:抽取登记与操作日志中的种子或哈希不符,登记可能被改动。"


def frame_now(
    home: Home, warehouse: Warehouse, settings: Settings, day: dt.date, classes: Collection[str] = ()
) -> Frame:
    """Institutions under agreement in the day's year up to the day, and the inspectors listed (else those of the ledger)."""
    wrong = [name for name in classes if name not in CLASSES]
    if wrong:
        raise UsageError(f"没有类别 {'、'.join(wrong)}。可用:{'、'.join(CLASSES)}。")
    due = rows(warehouse, settings, "inspection_coverage", day.replace(month=1, day=1), day).to_pylist()
    known = {row["fixmedins_code"]: row for row in page_rows(warehouse, "inspect_institutions", day=day)}
    drawn_last = _last_teams(home)
    institutions = []
    for row in due:
        facts = known[row["fixmedins_code"]]
        if classes and facts["level_class"] not in classes:
            continue
        institutions.append(
            Institution(
                row["fixmedins_code"], facts["level_class"], facts["town_code"], bool(row["numerator"]),
                facts["insp_date"].isoformat() if facts["insp_date"] else None,
                _last_team(facts, drawn_last.get(row["fixmedins_code"])),
            )
        )  # fmt: skip
    people, source = inspectors_now(home, warehouse)
    last = inspect_draws(home)[:1]
    pairs = pairs_of([item.team for item in inspect_items(home, last[0].draw_id)]) if last else []
    return Frame(tuple(institutions), tuple(people), tuple(pairs), source)


def inspectors_now(home: Home, warehouse: Warehouse) -> tuple[list[Inspector], str]:
    """Who can be drawn and where the list comes from: the home's own, else post codes in the inspection ledger."""
    own = listed(home)
    if own:
        return [one.inspector for one in own if one.enabled], OWN_LIST
    texts = [row["inspectors"] for row in page_rows(warehouse, "inspect_posts")]
    return [Inspector(post) for post in posts_in(texts)], LEDGER


def draw_inspections(
    home: Home, warehouse: Warehouse, settings: Settings, *, size: int, seed: int | None, day: dt.date,
    why: str, by: Signer, classes: Sequence[str] = (),
) -> InspectDraw:  # fmt: skip
    """Freeze institutions and inspectors, draw, store and log. Raises UserError when there is nobody to draw."""
    chosen, team_size = read_seed(seed), int(settings.get("inspect_team_size", day) or 2)
    frame = frame_now(home, warehouse, settings, day, classes)
    if not frame.inspectors:
        raise UserError(HOW_TO_LIST)
    assignments = double_random(frame, size, team_size, chosen)
    new = NewInspectDraw(
        day.year, classes, team_size, chosen, frame, assignments, digest(lines_of(assignments)), warehouse.version, why, by
    )  # fmt: skip
    made = add_inspect_draw(home, new)
    record(engine(home), by.user, DRAWN, made.draw_id, trace(made))
    return made


def replay_inspections(home: Home, made: InspectDraw, by: Signer) -> InspectReplay:
    """Draw again from the frozen frame and compare with what is stored; logged with its outcome."""
    if (made.algorithm, made.algorithm_version) != (ALGORITHM, ALGORITHM_VERSION):
        raise UserError(f"这次抽取用的算法“{made.algorithm} {made.algorithm_version}”本程序不能重放。")
    frame = read_frame_file(frame_file(home, made.draw_id))
    again = lines_of(double_random(frame, made.size, made.team_size, made.seed))
    stored = [f"{one.fixmedins_code}|{';'.join(one.team)}" for one in inspect_items(home, made.draw_id)]
    differences = sum(a != b for a, b in zip(stored, again, strict=False)) + abs(len(stored) - len(again))
    logged = is_logged(home, DRAWN, made.draw_id, trace(made))
    found = InspectReplay(made, frame.hash, digest(again), differences, logged)
    detail = {"sound": found.sound, "frame_hash": found.frame_hash, "differences": differences}
    record(engine(home), by.user, REPLAYED, made.draw_id, detail)
    return found


def trace(made: InspectDraw) -> dict[str, Any]:
    """What the log keeps of a draw."""
    return {
        "n": made.size, "classes": made.level_classes, "team_size": made.team_size, "seed": made.seed,
        "algorithm": f"{made.algorithm} {made.algorithm_version}", "frame": made.frame_size, "frame_hash": made.frame_hash,
        "items_hash": made.items_hash, "version": made.data_version, "why": made.why,
    }  # fmt: skip


def assignments_of(home: Home, made: InspectDraw) -> list[Assignment]:
    """The draw with the facts of its institutions as they were frozen."""
    known = {one.fixmedins_code: one for one in read_frame_file(frame_file(home, made.draw_id)).institutions}
    return [
        Assignment(known[one.fixmedins_code], one.team, one.reason)
        for one in inspect_items(home, made.draw_id)
    ]


def _last_teams(home: Home) -> dict[str, tuple[dt.date, tuple[str, ...]]]:
    """The team of each institution's latest draw, with the day of that draw."""
    found: dict[str, tuple[dt.date, tuple[str, ...]]] = {}
    for made in reversed(inspect_draws(home)):
        for item in inspect_items(home, made.draw_id):
            if item.team:
                found[item.fixmedins_code] = (made.drawn_at.date(), item.team)
    return found


def _last_team(facts: dict[str, Any], drawn: tuple[dt.date, tuple[str, ...]] | None) -> tuple[str, ...]:
    """Who was there last: by the ledger, or by a draw that is later than the ledger's inspection."""
    ledger = tuple(split_posts(facts["inspectors"]))
    if drawn is None or (ledger and facts["insp_date"] >= drawn[0]):
        return ledger
    return drawn[1]
