"""A sample with what is known of it now: one made here, or the one that the platform itself marks in doc_d."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from fundwatch.draws.design import Cell, Stratum
from fundwatch.draws.estimate import Extrapolation, Reviewed, extrapolate
from fundwatch.draws.frame import Document, documents, fen
from fundwatch.draws.results import Found, Stage, entries_of, standing
from fundwatch.draws.service import page_rows
from fundwatch.draws.store import SampleDraw, items, strata
from fundwatch.home import Home
from fundwatch.settings import Settings, Values
from fundwatch.warehouse import Warehouse


@dataclass(frozen=True)
class Sample:
    """Strata, drawn documents and how each stands. ``draw`` None: the platform's own sample, without frame and seed."""

    issue: str
    strata: tuple[Stratum, ...]
    items: tuple[tuple[Cell, Document], ...]
    found: dict[str, Found]
    draw: SampleDraw | None

    @property
    def documents(self) -> dict[str, Document]:
        return {document.doc_id: document for _, document in self.items}

    def reviewed(self, stage: Stage) -> dict[Cell, list[Reviewed]]:
        """The amounts by stratum, before (复审) or after (申诉后) appeals."""
        amounts: dict[Cell, list[Reviewed]] = defaultdict(list)
        for cell, document in self.items:
            amount = self.found[document.doc_id].at(stage)
            if amount is not None:
                amounts[cell].append((document.fund_fen, amount))
        return amounts

    @property
    def appealed_cnt(self) -> int:
        """Documents whose amount an appeal has changed."""
        return sum(
            one.appeal_fen is not None and one.appeal_fen != one.review_fen for one in self.found.values()
        )

    @property
    def differing_cnt(self) -> int:
        """Documents where an entry and the platform disagree."""
        return sum(one.differs for one in self.found.values())


def drawn_sample(home: Home, draw: SampleDraw, warehouse: Warehouse | None) -> Sample:
    """A sample made here with its entries, and the platform's results where nothing was entered."""
    chosen = items(home, draw.draw_id)
    loaded = [] if warehouse is None else page_rows(warehouse, "sample_results", issue=draw.issue)
    found = standing([document for _, document in chosen], entries_of(home, draw.draw_id), loaded)
    return Sample(draw.issue, tuple(strata(home, draw.draw_id)), tuple(chosen), found, draw)


def platform_sample(warehouse: Warehouse, issue: str) -> Sample:
    """What doc_d marks as drawn among the documents that passed first review; strata without certainty stratum."""
    rows = [
        row
        for row in page_rows(warehouse, "sample_results", issue=issue)
        if row["is_passed"] and row["smpl_flag"] == "1"
    ]
    chosen = [(Cell(one.fixmedins_code, one.care_kind), one) for one in documents(rows)]
    drawn: dict[Cell, int] = defaultdict(int)
    for cell, _ in chosen:
        drawn[cell] += 1
    found = [
        Stratum(cell, row["doc_cnt"], fen(row["fund_amt"]), drawn[cell])
        for row in page_rows(warehouse, "sample_strata", issue=issue)
        if (cell := Cell(row["fixmedins_code"], row["care_kind"]))
    ]
    return Sample(issue, tuple(sorted(found, key=lambda one: one.cell)), tuple(chosen),
                  standing([one for _, one in chosen], [], rows), None)  # fmt: skip


def estimates(sample: Sample, values: Settings | Values, on: dt.date) -> dict[Stage, Extrapolation]:
    """The extrapolation before and after appeals, with the parameters in force on a day."""
    settings = values.now()
    least = int(settings.get("sample_extrapolate_least", on) or 0)
    precision = Decimal(str(settings.get("sample_precision_pct", on)))
    return {stage: extrapolate(sample.strata, sample.reviewed(stage), least, precision) for stage in Stage}
