"""Claim tables month by month: visits that begin in a month, and everything that follows from them.

What happens later than the month it began in waits in a spool, so that a file holds one month of its table.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fundwatch.demo.columns import NONE, Frame, pick, size, stack
from fundwatch.demo.fees import diagnosis_table, line_table, month_lines, operation_table
from fundwatch.demo.mix import KINDS, claims_until
from fundwatch.demo.reminders import remind, reminder_table
from fundwatch.demo.review import doc_table, month_docs, suspicion_table
from fundwatch.demo.settlements import INPATIENT, month_settlements, settlement_table, visit_table
from fundwatch.demo.stories import story_visits
from fundwatch.demo.visits import month_visits
from fundwatch.demo.world import World
from fundwatch.demo.write import ClaimFiles
from fundwatch.progress import Step

#: fee lines turned into text at a time: half a million take about half a gigabyte
_LINES_AT_ONCE = 500_000


class Spool:
    """Frames kept by the month that dates them; ``take`` gives and forgets the rows up to a month."""

    def __init__(self, dated_by: str) -> None:
        self.dated_by = dated_by
        self._waiting: dict[np.datetime64, list[Frame]] = defaultdict(list)

    def add(self, frame: Frame) -> None:
        months = frame[self.dated_by].astype("M8[M]")
        for month in np.unique(months):
            self._waiting[month].append(pick(frame, months == month))

    def take(self, month: np.datetime64) -> Frame | None:
        due = [self._waiting.pop(key) for key in sorted(self._waiting) if key <= month]
        frames = [frame for group in due for frame in group]
        if not frames:
            return None
        frame = stack(frames)
        return pick(frame, np.argsort(frame[self.dated_by], kind="stable"))


@dataclass
class Claims:
    """What the ledgers need to know of the claims once they are written."""

    written: dict[str, int] = field(default_factory=dict)
    #: bills of the stories, and suspicions that review handed over
    stories: list[Frame] = field(default_factory=list)
    transfers: list[Frame] = field(default_factory=list)
    #: fen to pay by (institution, issue, insurance type)
    payable: dict[tuple[int, int, str], int] = field(default_factory=lambda: defaultdict(int))


def write_claims(world: World, folder: Path, online: np.ndarray, step: Step) -> Claims:
    """Write all claim tables, one CSV a table and month."""
    plan = world.plan
    months = [plan.claim_months[0] - 1, *plan.claim_months]
    counts = [claims_until(kind, months, plan.scale.share) for kind in KINDS]
    spools = {"visits": Spool("begin"), "bills": Spool("paid"), "lines": Spool("time")}
    claims, files = Claims(), ClaimFiles(folder, world.plan.scale.files_by_year)
    for place, month in enumerate(months):
        step(f"{month}", place, len(months))
        _begin_month(world, month, [column[place] for column in counts], online, spools)
        if month >= plan.claim_months[0]:
            _close_month(world, month, spools, files, claims)
            files.close(month)
    files.close()
    claims.written.update(files.rows)
    step("完成", len(months), len(months))
    return claims


def _begin_month(
    world: World, month: np.datetime64, counts: list[int], online: np.ndarray, spools: dict[str, Spool]
) -> None:
    """Visits of a month into the spools; of the month before the data only stays that end within them."""
    first = world.plan.first_day
    warm_up = month < world.plan.claim_months[0]
    visits = month_visits(world, month, counts, [] if warm_up else story_visits(world, month))
    if warm_up:
        visits = pick(visits, INPATIENT[visits["kind"]] & (visits["end"] >= first))
        if not len(visits["visit"]):
            return
    remind(world, visits, online)
    bills = month_settlements(world, visits, warm_up)
    spools["visits"].add(visits)
    spools["bills"].add(bills)
    spools["lines"].add(month_lines(world, bills, visits))


def _close_month(
    world: World, month: np.datetime64, spools: dict[str, Spool], files: ClaimFiles, claims: Claims
) -> None:
    """Write what is dated in the month; declared documents belong to the month after their bills."""
    if (visits := spools["visits"].take(month)) is not None:
        files.add("mdtrt_d", month, visit_table(world, visits))
        files.add("bffact_warn_rslt_d", month, reminder_table(world, visits))
    if (lines := spools["lines"].take(month)) is not None:
        for start in range(0, size(lines), _LINES_AT_ONCE):
            part = pick(lines, slice(start, start + _LINES_AT_ONCE))
            files.add("fee_list_d", month, line_table(world, part))
    if (bills := spools["bills"].take(month)) is None:
        return
    files.add("setl_d", month, settlement_table(world, bills))
    files.add("setl_list_diag_d", month, diagnosis_table(bills))
    files.add("setl_list_oprn_d", month, operation_table(bills))
    docs, suspicions = month_docs(world, bills)
    _collect(claims, bills, docs, suspicions)
    files.add("doc_d", month + 1, doc_table(world, docs))
    files.add("doc_suspt_d", month + 1, suspicion_table(suspicions))


def _collect(claims: Claims, bills: Frame, docs: Frame, suspicions: Frame) -> None:
    """Keep the stories' bills, the transfers, and what is to be paid (declared less confirmed)."""
    told = (bills["story"] > 0) & (bills["refunds"] == NONE) & ~bills["refunded"]
    claims.stories.append(
        {name: bills[name][told] for name in ("bill", "institution", "fund", "paid", "story")}
    )
    handed = suspicions["handed_over"]
    names = ("number", "bill", "institution", "rule", "confirmed", "finished")
    claims.transfers.append({name: suspicions[name][handed] for name in names})
    confirmed = np.where(suspicions["confirmed"] == NONE, 0, suspicions["confirmed"])
    for rows, fen in ((docs, docs["fund"]), (suspicions, -confirmed)):
        month = rows["paid"].astype("M8[M]").astype(np.int64)
        resident = np.array([kind.insutype == "390" for kind in KINDS])[rows["kind"]]
        keys = (rows["institution"] * 1_000_000 + (1970 + month // 12) * 100 + month % 12 + 1) * 2 + resident
        found, places = np.unique(keys, return_inverse=True)
        sums = np.zeros(len(found), dtype=np.int64)
        np.add.at(sums, places, fen)
        for key, total in zip(found.tolist(), sums.tolist(), strict=True):
            rest, residents = divmod(key, 2)
            institution, issue = divmod(rest, 1_000_000)
            claims.payable[institution, issue, "390" if residents else "310"] += total
