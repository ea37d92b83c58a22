"""Totals over strata that the published manual has no worked example for: the combined ratio estimator and collapsed strata.

Source: Cochran, Sampling Techniques (3rd ed.), 6.11 (combined ratio estimate) and 5A.12 (one unit per stratum). Everything is made
of a stratum's sums, so that tens of thousands of items cost no more than a few numbers.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fundwatch.stats.numbers import Number, exact
from fundwatch.stats.sampling import Estimate, RatioEstimate, Stratum, Z, intervals, student


@dataclass(frozen=True)
class Sums:
    """A stratum of ``universe`` items and the sums over the ``sample`` examined: claimed x and rejected y, in one unit."""

    universe: int
    sample: int
    x: Fraction
    y: Fraction
    xx: Fraction
    xy: Fraction
    yy: Fraction
    nonzero: int

    def __post_init__(self) -> None:
        if not 1 <= self.sample <= self.universe:
            raise ValueError(f"a sample of {self.sample} out of {self.universe} is impossible")

    @classmethod
    def of(cls, universe: int, claimed: Sequence[Number], rejected: Sequence[Number], unit: int = 1) -> Sums:
        """From single amounts, given in one ``unit``-th of the unit wanted (fen: 100). Raises ValueError unless they pair up."""
        if len(claimed) != len(rejected):
            raise ValueError(f"{len(claimed)} claimed and {len(rejected)} rejected amounts do not pair up")
        whole = all(type(value) is int for value in (*claimed, *rejected))
        x = list(claimed) if whole else [exact(value) for value in claimed]
        y = list(rejected) if whole else [exact(value) for value in rejected]
        square = unit * unit
        return cls(
            universe, len(x), Fraction(sum(x)) / unit, Fraction(sum(y)) / unit,
            Fraction(sum(a * a for a in x)) / square, Fraction(sum(a * b for a, b in zip(x, y, strict=True))) / square,
            Fraction(sum(b * b for b in y)) / square, sum(map(bool, y)),
        )  # fmt: skip

    @property
    def rejected(self) -> Stratum:
        """What the estimators of means need of the rejected amounts."""
        deviation = None
        if self.sample > 1:
            deviation = math.sqrt((self.yy - self.y * self.y / self.sample) / (self.sample - 1))
        return Stratum(self.universe, self.sample, self.y / self.sample, deviation, self.nonzero)


def ratio_of(sums: Sums, claimed_total: Number) -> RatioEstimate | None:
    """``sampling.ratio`` from sums: one sample, Student's t."""
    return _ratio([sums], claimed_total, student(sums.sample))


def combined_ratio(strata: Sequence[Sums], claimed_total: Number) -> RatioEstimate | None:
    """One ratio over all strata, weighted by universe over sample, times ``claimed_total``; normal intervals.

    None when nothing was claimed in the sample. ``standard_error_sample_mean`` is the linearised variant (total over the
    estimated claimed total). With one stratum ratio and standard error are those of ``sampling.ratio``.
    """
    return _ratio(strata, claimed_total, Z)


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


def _ratio(strata: Sequence[Sums], claimed_total: Number, factors) -> RatioEstimate | None:
    claimed = sum((Fraction(each.universe, each.sample) * each.x for each in strata), Fraction(0))
    if not claimed:
        return None
    r = sum((Fraction(each.universe, each.sample) * each.y for each in strata), Fraction(0)) / claimed
    variances = [_variance(each, r) for each in strata]
    variance = None if None in variances else math.fsum(v for v in variances if v is not None)
    error = None if variance is None else math.sqrt(variance)
    point = float(r * exact(claimed_total))
    total = Estimate(
        universe=sum(each.universe for each in strata),
        sample=sum(each.sample for each in strata),
        nonzero=sum(each.nonzero for each in strata),
        point=point,
        standard_error=error,
        intervals=intervals(point, error, factors),
    )
    other = None if error is None else error * float(exact(claimed_total) / claimed)
    return RatioEstimate(float(r), total, other)


def _variance(each: Sums, r: Fraction) -> float | None:
    """Of a stratum's total of residuals y - r·x: 0 when all were examined, None for one of several."""
    if each.sample == each.universe:
        return 0.0
    if each.sample < 2:
        return None
    total = each.y - r * each.x
    squares = each.yy - 2 * r * each.xy + r * r * each.xx
    spread = (squares - total * total / each.sample) / (each.sample - 1)
    return float(
        each.universe**2 * Fraction(each.universe - each.sample, each.universe) * spread / each.sample
    )
