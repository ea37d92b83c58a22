"""Extrapolation of a review sample to the sum of all claims. Source: RAT-STATS Companion Manual (OIG,
2010), chapter 3.

A sample is drawn from a frozen list; without that none of these figures means anything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from scipy import stats

from fundwatch.stats.numbers import Number, exact, mean, spread

LEVELS = (80, 90, 95)  # percent, two-sided; the lower end of 80 is the one-sided 90 % lower limit
Z = {level: float(stats.norm.ppf(0.5 + level / 200)) for level in LEVELS}


@dataclass(frozen=True)
class Interval:
    """Two-sided interval at ``level`` percent; ``precision_pct`` is half its width in percent of the
    estimate; exact limits have no factor and no precision.
    """

    level: int
    factor: float | None
    lower: float
    upper: float
    precision_pct: float | None


@dataclass(frozen=True)
class Estimate:
    """An estimated total. ``standard_error`` is None and ``intervals`` empty when the sample cannot give
    them.
    """

    universe: int
    sample: int
    nonzero: int | None
    point: float
    standard_error: float | None
    intervals: tuple[Interval, ...]

    def interval(self, level: int) -> Interval | None:
        """The interval at 80, 90 or 95 percent, or None."""
        return next((interval for interval in self.intervals if interval.level == level), None)


@dataclass(frozen=True)
class Stratum:
    """Size, mean and standard deviation (n - 1; None for one item) of a stratum's sample, in one unit."""

    universe: int
    sample: int
    mean: Number
    deviation: float | None
    nonzero: int | None = None


@dataclass(frozen=True)
class RatioEstimate:
    """Rejected per claimed 元, times all claimed; ``..._sample_mean`` is the linearised variant."""

    ratio: float
    total: Estimate
    standard_error_sample_mean: float | None


def stratum(values: Sequence[Number], universe: int) -> Stratum:
    """What the estimators need of a sample of differences, one per reviewed item, drawn from ``universe``
    items.
    """
    numbers = [exact(value) for value in values]
    _check_sizes(universe, len(numbers))
    deviation = spread(numbers) if len(numbers) > 1 else None
    return Stratum(universe, len(numbers), mean(numbers), deviation, sum(map(bool, numbers)))


def unrestricted(sample: Stratum) -> Estimate:
    """One simple random sample: mean times universe, Student's t with n - 1 degrees."""
    _check_sizes(sample.universe, sample.sample)
    variance = _variance(sample)
    return _estimate([sample], sample.universe * exact(sample.mean), variance, student(sample.sample))


def stratified(strata: Sequence[Stratum]) -> Estimate:
    """Independent samples by stratum, sums added, normal factors (as the source). Raises ValueError
    without strata.
    """
    if not strata:
        raise ValueError("a stratified estimate needs a stratum")
    for each in strata:
        _check_sizes(each.universe, each.sample)
    variances = [_variance(each) for each in strata]
    variance = None if None in variances else math.fsum(v for v in variances if v is not None)
    return _estimate(strata, sum(each.universe * exact(each.mean) for each in strata), variance, Z)


def ratio(
    claimed: Sequence[Number], rejected: Sequence[Number], universe: int, claimed_total: Number
) -> RatioEstimate | None:
    """Ratio estimator (Cochran; Scheaffer ch. 6): rejected over claimed in the sample, times
    ``claimed_total`` of the universe. Slightly biased for small samples; t intervals. None when nothing
    was claimed in the sample.
    """
    x = [exact(value) for value in claimed]
    y = [exact(value) for value in rejected]
    if len(x) != len(y):
        raise ValueError(f"{len(x)} claimed and {len(y)} rejected amounts do not pair up")
    _check_sizes(universe, len(x))
    if not sum(x):
        return None
    r = sum(y) / sum(x)
    size = len(x)
    residuals = sum((b - r * a) ** 2 for a, b in zip(x, y, strict=True))
    deviation = math.sqrt(residuals / (size - 1)) if size > 1 else None
    variance = _variance(Stratum(universe, size, 0.0, deviation))
    described = Stratum(universe, size, 0.0, None, sum(map(bool, y)))
    total = _estimate([described], r * exact(claimed_total), variance, student(size))
    scale = float(exact(claimed_total) / universe / mean(x))
    other = None if total.standard_error is None else total.standard_error * scale
    return RatioEstimate(float(r), total, other)


def intervals(
    point: float, standard_error: float | None, factors: Mapping[int, float | None]
) -> tuple[Interval, ...]:
    """``point`` plus and minus factor times standard error at each level; none without a standard error."""
    if standard_error is None:
        return ()
    result = []
    for level, factor in factors.items():
        half = factor * standard_error if factor and standard_error else 0.0
        precision = 100 * half / abs(point) if point else None
        result.append(Interval(level, factor, point - half, point + half, precision))
    return tuple(result)


def _variance(sample: Stratum) -> float | None:
    """Variance of the estimated total with finite correction: 0 when all were examined, None for one of
    several.
    """
    if sample.sample == sample.universe:
        return 0.0
    if sample.deviation is None:
        return None
    left_out = (sample.universe - sample.sample) / sample.universe
    return sample.universe**2 * left_out * sample.deviation**2 / sample.sample


@lru_cache(maxsize=4096)
def student(sample: int) -> Mapping[int, float | None]:
    """Factors of Student's t with n - 1 degrees by level; None for a single item."""
    if sample < 2:
        return dict.fromkeys(LEVELS)
    return {level: float(stats.t.ppf(0.5 + level / 200, sample - 1)) for level in LEVELS}


def _estimate(
    strata: Sequence[Stratum],
    point: Fraction | int,
    variance: float | None,
    factors: Mapping[int, float | None],
) -> Estimate:
    error = None if variance is None else math.sqrt(variance)
    counts = [each.nonzero for each in strata]
    estimate = float(point)
    return Estimate(
        universe=sum(each.universe for each in strata),
        sample=sum(each.sample for each in strata),
        nonzero=None if None in counts else sum(count or 0 for count in counts),
        point=estimate,
        standard_error=error,
        intervals=intervals(estimate, error, factors),
    )


def _check_sizes(universe: int, sample: int) -> None:
    if not 1 <= sample <= universe:
        raise ValueError(f"a sample of {sample} out of {universe} is impossible")
