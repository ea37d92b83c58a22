"""How many items of the universe are in error, from a sample. Source: RAT-STATS Companion Manual (OIG,
2010), chapter 2; minimum sum: Edwards et al. 2005, Health Serv Outcomes Res Methodol 4:241-263, as in
claimr R/minimum_sum_method.R.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scipy import stats

from fundwatch.stats.sampling import LEVELS, Estimate, Interval, Z, intervals


@dataclass(frozen=True)
class Tally:
    """``found`` items in error among ``sample`` reviewed of ``universe``. Raises ValueError for
    impossible counts.
    """

    universe: int
    sample: int
    found: int

    def __post_init__(self) -> None:
        if not (1 <= self.sample <= self.universe and 0 <= self.found <= self.sample):
            raise ValueError(f"{self.found} of {self.sample} of {self.universe} items is impossible")


@dataclass(frozen=True)
class MinimumSum:
    """Lower bound of the overpaid total: at least ``items`` items are in error, ``amount`` 元 together."""

    items: int
    amount: Decimal


def count_in_error(tally: Tally) -> Estimate:
    """Items in error in the universe with exact hypergeometric limits; ``standard_error`` as in
    stratified_count.
    """
    found = []
    for level in LEVELS:
        tail = 0.5 - level / 200
        lower, upper = lowest_count(tally, tail), highest_count(tally, tail)
        found.append(Interval(level, None, float(lower), float(upper), None))
    point = tally.universe * tally.found / tally.sample
    variance = _variance(tally)
    error = None if variance is None else math.sqrt(variance)
    return Estimate(tally.universe, tally.sample, tally.found, point, error, tuple(found))


def stratified_count(tallies: Sequence[Tally]) -> Estimate:
    """Items in error over all strata, normal limits. As in the source they are not cut off at what was
    found.
    """
    if not tallies:
        raise ValueError("a stratified estimate needs a stratum")
    variances = [_variance(tally) for tally in tallies]
    error = None if None in variances else math.sqrt(math.fsum(v for v in variances if v is not None))
    point = math.fsum(tally.universe * tally.found / tally.sample for tally in tallies)
    return Estimate(
        universe=sum(tally.universe for tally in tallies),
        sample=sum(tally.sample for tally in tallies),
        nonzero=sum(tally.found for tally in tallies),
        point=point,
        standard_error=error,
        intervals=intervals(point, error, Z),
    )


def lowest_count(tally: Tally, tail: float) -> int:
    """Smallest number in error with which ``found`` or more turn up with a probability above ``tail``."""

    def likely(count: int) -> bool:
        return stats.hypergeom.sf(tally.found - 1, tally.universe, count, tally.sample) > tail

    return _first(likely, tally.found, tally.universe - tally.sample + tally.found)


def highest_count(tally: Tally, tail: float) -> int:
    """Largest number in error with which ``found`` or fewer turn up with a probability above ``tail``."""

    def unlikely(count: int) -> bool:
        return stats.hypergeom.cdf(tally.found, tally.universe, count, tally.sample) <= tail

    top = tally.universe - tally.sample + tally.found
    return _first(unlikely, tally.found, top + 1) - 1


def minimum_sum(
    overpaid: Sequence[Decimal], unsampled: Sequence[Decimal], sample: int, *, confidence_pct: int = 90
) -> MinimumSum:
    """One-sided lower bound for few, all-or-nothing errors; needs no normal distribution.

    ``overpaid``: amounts of the sampled items wholly in error; ``unsampled``: amounts of all items not
    drawn. The bound is what was found plus the smallest amounts not drawn, as many as must be in error
    too. Raises ValueError for negative amounts or more errors than ``sample`` items.
    """
    rest = sorted(unsampled)
    if any(amount < 0 for amount in (*overpaid, *rest)):
        raise ValueError("the minimum sum needs amounts that are not negative")
    tally = Tally(sample + len(rest), sample, len(overpaid))
    # the source asks for a probability of at least alpha, the two-sided limits above ask for more than it
    alpha = 1 - confidence_pct / 100
    items = lowest_count(tally, math.nextafter(alpha, 0)) if overpaid else 0
    amount = sum(overpaid, Decimal(0)) + sum(rest[: items - len(overpaid)], Decimal(0))
    return MinimumSum(items, amount)


def _first(true: Callable[[int], bool], low: int, high: int) -> int:
    """Smallest number from ``low`` to ``high`` with ``true``, which never turns false again; ``high`` is
    taken as true.
    """
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if true(middle) else (middle + 1, high)
    return low


def _variance(tally: Tally) -> float | None:
    if tally.sample == tally.universe:
        return 0.0
    if tally.sample == 1:
        return None
    share = tally.found / tally.sample
    left_out = (tally.universe - tally.sample) / tally.universe
    return tally.universe**2 * left_out * share * (1 - share) / (tally.sample - 1)
