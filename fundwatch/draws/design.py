"""Strata, allocation and the draw itself: pure functions, the same answer for the same frame, design and seed.

Strata are institution × 住院/门诊. Documents at or above an amount form the certainty stratum of their cell and are all drawn. In
every other stratum n = the rate's share rounded up, at least the least number, at most all: the rate is reached in each stratum
and no stratum is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from fundwatch.draws.frame import Document, yuan
from fundwatch.draws.lots import digest, drawn
from fundwatch.errors import UsageError


@dataclass(frozen=True, order=True)
class Cell:
    """A stratum: institution, 住院 or 门诊, and whether all of it is drawn for its amount."""

    fixmedins_code: str
    care_kind: str
    certain: bool = False


@dataclass(frozen=True)
class Design:
    """``rate`` 0 < rate ≤ 1; ``certainty`` in 元, None: no certainty stratum; ``least`` documents per stratum."""

    rate: Decimal
    certainty: Decimal | None
    least: int

    def __post_init__(self) -> None:
        if not 0 < self.rate <= 1:
            raise UsageError("抽样比例应大于 0、不超过 1,例如 0.05。")
        if self.certainty is not None and self.certainty <= 0:
            raise UsageError("必抽金额应大于 0 元。")
        if self.least < 1:
            raise UsageError("每层最少抽取件数应不小于 1。")


@dataclass(frozen=True)
class Stratum:
    """A stratum of the frame: ``size`` documents with ``fund_fen`` declared together, of which ``sample`` are drawn."""

    cell: Cell
    size: int
    fund_fen: int
    sample: int


@dataclass(frozen=True)
class Drawn:
    """What a draw gives: strata in order, drawn documents by stratum and lot, and the hash of their ids in that order."""

    strata: tuple[Stratum, ...]
    documents: tuple[tuple[Cell, Document], ...]

    @property
    def items_hash(self) -> str:
        return digest(document.doc_id for _, document in self.documents)


def cell_of(document: Document, certainty: Decimal | None) -> Cell:
    """The stratum of a document; the amount that decides is the declared fund amount."""
    certain = certainty is not None and yuan(document.fund_fen) >= certainty
    return Cell(document.fixmedins_code, document.care_kind, certain)


def allocation(size: int, design: Design, certain: bool) -> int:
    """How many of a stratum's ``size`` documents are drawn."""
    if certain:
        return size
    return min(size, max(design.least, ceil(Fraction(design.rate) * size)))


def stratify(frame: Iterable[Document], design: Design) -> list[Stratum]:
    """The strata of a frame with what the design would draw of each, without drawing."""
    sizes: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for document in frame:
        counted = sizes[cell_of(document, design.certainty)]
        counted[0] += 1
        counted[1] += document.fund_fen
    return [
        Stratum(cell, size, total, allocation(size, design, cell.certain))
        for cell, (size, total) in sorted(sizes.items())
    ]


def draw(frame: Sequence[Document], design: Design, seed: int) -> Drawn:
    """Draw from a frame. Raises UsageError for an empty one."""
    if not frame:
        raise UsageError("抽样框是空的,没有可抽取的单据。")
    strata = stratify(frame, design)
    members: dict[Cell, dict[str, Document]] = defaultdict(dict)
    for document in frame:
        members[cell_of(document, design.certainty)][document.doc_id] = document
    found = [
        (stratum.cell, members[stratum.cell][doc_id])
        for stratum in strata
        for doc_id in drawn(seed, members[stratum.cell], stratum.sample)
    ]
    return Drawn(tuple(strata), tuple(found))
