"""From what was found in the sample to what may be wrong in the issue: per stratum, over the strata that allow it, and for all.

A stratum is extrapolated from a number of reviewed documents on (a parameter); one that was reviewed wholly is counted as it is;
the others are shown and not extrapolated. Statistics are floats in 元; what could be rejected is Decimal, each stratum to the fen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fundwatch.draws.design import Cell, Stratum
from fundwatch.draws.frame import yuan
from fundwatch.stats.sample_size import Caution, Expectation, cautions, sample_size
from fundwatch.stats.sampling import Estimate, RatioEstimate, Z, intervals, stratified, unrestricted
from fundwatch.stats.stratified_ratio import Sums, collapsed, combined_ratio, ratio_of

#: the level that cautions and the minimum sample refer to
LEVEL = 90
FEN = 100
#: (declared fund amount, amount found) of one reviewed document, in fen
Reviewed = tuple[int, int]


class Standing(StrEnum):
    """What may be said of a stratum; the value is the word on screen."""

    EXTRAPOLATED = "放大"
    COUNTED = "全部复审,按查实计"
    TOO_FEW = "复审件数不足,只列示"
    PENDING = "尚未复审"


@dataclass(frozen=True)
class StratumEstimate:
    """One stratum: ``reviewed`` of ``stratum.sample`` drawn documents, ``found_cnt`` with ``found`` 元 together.

    ``point`` is what the stratum adds to the total, None where it adds nothing.
    """

    stratum: Stratum
    reviewed: int
    found_cnt: int
    found: Decimal
    standing: Standing
    point: Decimal | None
    estimate: Estimate | None
    ratio: RatioEstimate | None


@dataclass(frozen=True)
class Extrapolation:
    """All strata of a draw. ``point`` and ``found`` are sums over the strata that count (放大, 按查实计); ``found_apart`` was
    found in the others. ``whole`` is the reference figure over all strata, for the level of risk only, None while strata are
    not reviewed.
    """

    strata: tuple[StratumEstimate, ...]
    point: Decimal
    found: Decimal
    found_apart: Decimal
    total: Estimate | None
    ratio: RatioEstimate | None
    whole: Estimate | None
    cautions: tuple[Caution, ...]
    minimum: int | None

    @property
    def universe(self) -> int:
        return sum(each.stratum.size for each in self.strata)

    @property
    def drawn(self) -> int:
        return sum(each.stratum.sample for each in self.strata)

    @property
    def reviewed(self) -> int:
        return sum(each.reviewed for each in self.strata)

    @property
    def found_cnt(self) -> int:
        return sum(each.found_cnt for each in self.strata)

    @property
    def counting(self) -> tuple[StratumEstimate, ...]:
        """The strata that make the total."""
        return tuple(each for each in self.strata if each.point is not None)

    def of(self, standing: Standing) -> tuple[StratumEstimate, ...]:
        """The strata of one kind."""
        return tuple(each for each in self.strata if each.standing is standing)


def extrapolate(
    strata: Sequence[Stratum], reviewed: Mapping[Cell, Sequence[Reviewed]], least: int, precision_pct: Decimal
) -> Extrapolation:
    """The estimates of a draw from the documents reviewed in each stratum."""
    sums = {
        stratum.cell: _sums(stratum, reviewed[stratum.cell])
        for stratum in strata
        if reviewed.get(stratum.cell)
    }
    each = tuple(_stratum(stratum, sums.get(stratum.cell), least) for stratum in strata)
    counting = [one for one in each if one.point is not None]
    found = sum((one.found for one in counting), Decimal(0))
    total = stratified([sums[one.stratum.cell].rejected for one in counting]) if counting else None
    return Extrapolation(
        strata=each,
        point=sum((one.point for one in counting if one.point is not None), Decimal(0)),
        found=found,
        found_apart=sum((one.found for one in each if one.point is None), Decimal(0)),
        total=total,
        ratio=_combined(counting, sums),
        whole=_whole(each, sums),
        cautions=cautions(total, LEVEL, found) if total else (),
        minimum=minimum_sample(each, reviewed, precision_pct),
    )


def minimum_sample(
    strata: Sequence[StratumEstimate], reviewed: Mapping[Cell, Sequence[Reviewed]], precision_pct: Decimal
) -> int | None:
    """Documents a simple random sample would need for the precision at 90 %, judged by this sample's spread; certainty strata
    are left out. None when nothing was found or fewer than two were reviewed.
    """
    drawn = [one for one in strata if not one.stratum.cell.certain]
    amounts = [amount for one in drawn for _, amount in reviewed.get(one.stratum.cell, ())]
    if len(amounts) < 2 or not any(amounts):
        return None
    size = sum(one.stratum.size for one in drawn)
    sample = Sums.of(size, amounts, amounts, FEN).rejected
    return sample_size(
        size, Expectation(float(sample.mean), float(sample.deviation or 0)), precision_pct, LEVEL
    )


def _sums(stratum: Stratum, reviewed: Sequence[Reviewed]) -> Sums:
    return Sums.of(stratum.size, [x for x, _ in reviewed], [y for _, y in reviewed], FEN)


def _stratum(stratum: Stratum, sums: Sums | None, least: int) -> StratumEstimate:
    if sums is None:
        return StratumEstimate(stratum, 0, 0, Decimal(0), Standing.PENDING, None, None, None)
    standing, found = _standing(stratum, sums.sample, least), yuan(int(sums.y * FEN))
    point = estimate = by_ratio = None
    if standing is Standing.COUNTED:
        point = found
    elif standing is Standing.EXTRAPOLATED:
        point = yuan(_half_up(int(sums.y * FEN) * stratum.size, sums.sample))
        estimate = unrestricted(sums.rejected)
        by_ratio = ratio_of(sums, yuan(stratum.fund_fen))
    return StratumEstimate(stratum, sums.sample, sums.nonzero, found, standing, point, estimate, by_ratio)


def _standing(stratum: Stratum, reviewed: int, least: int) -> Standing:
    if reviewed == stratum.size:
        return Standing.COUNTED
    # What is drawn whole for its amount stands for itself only.
    enough = reviewed >= least and not stratum.cell.certain
    return Standing.EXTRAPOLATED if enough else Standing.TOO_FEW


def _half_up(dividend: int, divisor: int) -> int:
    """The quotient of two numbers that are not negative, half away from zero."""
    return (2 * dividend + divisor) // (2 * divisor)


def _combined(counting: Sequence[StratumEstimate], sums: Mapping[Cell, Sums]) -> RatioEstimate | None:
    """The ratio over the strata that are extrapolated; what was reviewed wholly is known and added as it is."""
    estimated = [one for one in counting if one.standing is Standing.EXTRAPOLATED]
    known = [one for one in counting if one.standing is Standing.COUNTED]
    claimed = yuan(sum(one.stratum.fund_fen for one in estimated))
    found = combined_ratio([sums[one.stratum.cell] for one in estimated], claimed)
    if found is None or not known:
        return found
    point = found.total.point + float(sum((one.found for one in known), Decimal(0)))
    total = Estimate(
        universe=found.total.universe + sum(one.stratum.size for one in known),
        sample=found.total.sample + sum(one.reviewed for one in known),
        nonzero=(found.total.nonzero or 0) + sum(one.found_cnt for one in known),
        point=point,
        standard_error=found.total.standard_error,
        intervals=intervals(point, found.total.standard_error, Z),
    )
    return RatioEstimate(found.ratio, total, found.standard_error_sample_mean)


def _whole(each: Sequence[StratumEstimate], sums: Mapping[Cell, Sums]) -> Estimate | None:
    if not each or any(one.standing is Standing.PENDING for one in each):
        return None
    return collapsed([(one.stratum.cell.care_kind, sums[one.stratum.cell].rejected) for one in each])
