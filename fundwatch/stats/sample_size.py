"""How many items to draw, and what to say about a finished sample.

Source of the size: RAT-STATS Companion Manual (OIG, 2010), p. 4-2 to 4-9. The cautions are the bureau's
practice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from scipy import stats

from fundwatch.stats.numbers import Number
from fundwatch.stats.sampling import Estimate

LEAST_SAMPLE = 30
LEAST_NONZERO = 5  # own threshold: with fewer findings the normal limits mean little
WORST_PRECISION_PCT = 25


class Caution(StrEnum):
    """Why a leading group should hesitate to use an estimate."""

    SMALL_SAMPLE = "small_sample"
    FEW_FINDINGS = "few_findings"
    IMPRECISE = "imprecise"
    BELOW_FOUND = "below_found"
    NO_INTERVAL = "no_interval"


@dataclass(frozen=True)
class Expectation:
    """Mean and standard deviation of the difference per item, over all items, in 元."""

    mean: float
    deviation: float


def expectation(universe: int, total: Number, deviation: Number, error_rate: Number) -> Expectation:
    """What to expect of the differences when a share of ``error_rate`` (0 to 1) of the items is wholly in
    error.

    ``total`` and ``deviation`` describe the amounts of the universe. Raises ValueError outside these
    ranges.
    """
    rate = float(error_rate)
    if universe < 1 or not 0 < rate <= 1:
        raise ValueError(f"an error rate of {error_rate} in {universe} items is impossible")
    per_item = float(total) / universe
    spread = math.sqrt(rate * (float(deviation) ** 2 + (1 - rate) * per_item**2))
    return Expectation(rate * per_item, spread)


def sample_size(universe: int, expected: Expectation, precision_pct: Number, level: Number) -> int:
    """Items to draw for a total that is right within ``precision_pct`` percent at ``level`` percent,
    two-sided.

    Rounded to the nearest whole item, as the source prints it. Raises ValueError for a mean of 0 (no
    precision in percent of nothing) and for percentages out of range.
    """
    if universe < 1 or not expected.mean or float(precision_pct) <= 0 or not 0 < float(level) < 100:
        raise ValueError(
            "a sample size needs a universe, a mean difference, a precision and a level below 100"
        )
    z = float(stats.norm.ppf(0.5 + float(level) / 200))
    within = float(precision_pct) / 100 * abs(expected.mean) * universe
    variance = expected.deviation**2
    return round((universe**2 * variance) / ((within / z) ** 2 + universe * variance))


def cautions(estimate: Estimate, level: int, found: Decimal) -> tuple[Caution, ...]:
    """What to print beside ``estimate``; ``found`` is the amount the reviewers actually found in the sample.

    With BELOW_FOUND the found amount is to be used, not the lower limit.
    """
    said = []
    if estimate.sample < LEAST_SAMPLE and estimate.sample < estimate.universe:
        said.append(Caution.SMALL_SAMPLE)
    if estimate.nonzero is not None and estimate.nonzero < LEAST_NONZERO:
        said.append(Caution.FEW_FINDINGS)
    interval = estimate.interval(level)
    if interval is None:
        return (*said, Caution.NO_INTERVAL)
    if interval.precision_pct is not None and interval.precision_pct > WORST_PRECISION_PCT:
        said.append(Caution.IMPRECISE)
    if interval.lower < float(found):
        said.append(Caution.BELOW_FOUND)
    return tuple(said)
