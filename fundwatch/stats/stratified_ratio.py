"""Totals over strata that the published manual has no worked example for: the combined ratio estimator and collapsed strata.

Source: Cochran, Sampling Techniques (3rd ed.), 6.11 (combined ratio estimate) and 5A.12 (one unit per stratum).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fundwatch.stats.numbers import Number, exact, spread
from fundwatch.stats.sampling import Estimate, RatioEstimate, Stratum, Z, intervals


@dataclass(frozen=True)
class Pairs:
    """A stratum of ``universe`` items: claimed and rejected amounts of the items examined, in one unit."""

    universe: int
    claimed: Sequence[Number]
    rejected: Sequence[Number]

    def __post_init__(self) -> None:
        if not 1 <= len(self.claimed) == len(self.rejected) <= self.universe:
            raise ValueError(
                f"{len(self.claimed)} and {len(self.rejected)} of {self.universe} items is impossible"
            )


def combined_ratio(strata: Sequence[Pairs], claimed_total: Number) -> RatioEstimate | None:
    """One ratio over all strata, weighted by universe over sample, times ``claimed_total``; normal intervals.

    None when nothing was claimed in the sample. ``standard_error_sample_mean`` is the linearised variant (total over the
    estimated claimed total). With one stratum ratio and standard error are those of ``sampling.ratio``.
    """
    weighted = [
        (Fraction(each.universe, len(each.claimed)), [exact(x) for x in each.claimed], [exact(y) for y in each.rejected])
        for each in strata
    ]  # fmt: skip
    claimed = sum((weight * sum(x) for weight, x, _ in weighted), Fraction(0))
    if not claimed:
        return None
    r = sum((weight * sum(y) for weight, _, y in weighted), Fraction(0)) / claimed
    variance: float | None = 0.0
    for each, (_, x, y) in zip(strata, weighted, strict=True):
        own = _variance(each.universe, [b - r * a for a, b in zip(x, y, strict=True)])
        variance = None if variance is None or own is None else variance + own
    error = None if variance is None else math.sqrt(variance)
    point = float(r * exact(claimed_total))
    total = Estimate(
        universe=sum(each.universe for each in strata),
        sample=sum(len(x) for _, x, _ in weighted),
        nonzero=sum(sum(map(bool, y)) for _, _, y in weighted),
        point=point,
        standard_error=error,
        intervals=intervals(point, error, Z),
    )
    other = None if error is None else error * float(exact(claimed_total) / claimed)
    return RatioEstimate(float(r), total, other)


def collapsed(strata: Sequence[tuple[Hashable, Stratum]]) -> Estimate:
    """The total over all strata when some have one item only: those of one group are compared with each other.

    Their variance is the usual conservative one (too large when the strata differ). No standard error where a group holds a
    single such stratum: nothing to compare it with. ``strata`` pairs each stratum with its group.
    """
    variance: float | None = 0.0
    lonely = defaultdict(list)
    for group, each in strata:
        if each.sample == each.universe:
            continue
        if each.deviation is None:
            lonely[group].append(each)
            continue
        left_out = (each.universe - each.sample) / each.universe
        variance += each.universe**2 * left_out * each.deviation**2 / each.sample
    for single in lonely.values():
        if variance is None or len(single) < 2:
            variance = None
            break
        totals = [each.universe * exact(each.mean) for each in single]
        whole, size = sum(totals), sum(each.universe for each in single)
        apart = sum(
            (t - Fraction(each.universe, size) * whole) ** 2 for t, each in zip(totals, single, strict=True)
        )
        variance += float(Fraction(len(single), len(single) - 1) * apart)
    point = float(sum(each.universe * exact(each.mean) for _, each in strata))
    error = None if variance is None else math.sqrt(variance)
    return Estimate(
        universe=sum(each.universe for _, each in strata),
        sample=sum(each.sample for _, each in strata),
        nonzero=sum(each.nonzero or 0 for _, each in strata),
        point=point,
        standard_error=error,
        intervals=intervals(point, error, Z),
    )


def _variance(universe: int, residuals: Sequence[Fraction]) -> float | None:
    """Of a stratum's total of residuals: 0 when all were examined, None for one of several."""
    size = len(residuals)
    if size == universe:
        return 0.0
    if size < 2:
        return None
    return float(universe**2 * Fraction(universe - size, universe) / size) * spread(residuals) ** 2
