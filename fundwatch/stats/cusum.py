"""Drift of one institution against its peers: CUSUM of its monthly percentile.

The percentile, not the value: a policy change that moves everybody moves nobody's percentile. Source of
the idea and of the parameters (baseline 12 months, slack half a sigma, threshold 5 sigma):
OpenPrescribing, class CUSUM, after Montgomery, Introduction to Statistical Quality Control, chapter 9.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fundwatch.stats.numbers import Number, exact

BASELINE = 12  # months that set target and sigma
SLACK = 0.5  # sigma
THRESHOLD = 5.0  # sigma
LEAST_SIGMA = 1.0  # percentile points; an institution that never moved would alert at the first step
LEAST_PEERS = 5  # with fewer a percentile moves by more than 20 points at each change of place


@dataclass(frozen=True)
class Step:
    """One month: both sums in sigma, before a reset; all None for a month without value."""

    upper: float | None
    lower: float | None
    alert: Literal["up", "down"] | None


@dataclass(frozen=True)
class Cusum:
    """Steps in the order of the series; ``alerts`` are positions. Both empty sums mean: too short to
    watch.
    """

    steps: tuple[Step, ...]
    alerts: tuple[int, ...]
    watched: int


@dataclass(frozen=True)
class Budget:
    """The lowest threshold (sigma) that keeps alerts per month within the budget on the history given."""

    threshold: float
    alerts: int
    months: int


def percentiles(values: Mapping[str, Sequence[Number | None]]) -> dict[str, list[float | None]]:
    """Mid-rank percentile (0 to 100) of each institution among those with a value in the month.

    ``values``: institution to one value per month, all of the same length (ValueError otherwise). Months
    with fewer than five institutions have no percentile.
    """
    lengths = {len(series) for series in values.values()}
    if len(lengths) > 1:
        raise ValueError(f"all series need the same months, found lengths {sorted(lengths)}")
    result: dict[str, list[float | None]] = {key: [] for key in values}
    for month in range(lengths.pop() if lengths else 0):
        present = {
            key: exact(value) for key, series in values.items() if (value := series[month]) is not None
        }
        ranks = list(present.values())
        for key, column in result.items():
            if key not in present or len(present) < LEAST_PEERS:
                column.append(None)
                continue
            below = sum(other < present[key] for other in ranks)
            equal = sum(other == present[key] for other in ranks)
            column.append(100 * (below + equal / 2) / len(ranks))
    return result


def cusum(
    values: Sequence[Number | None],
    *,
    threshold: float = THRESHOLD,
    slack: float = SLACK,
    target: float | None = None,
    sigma: float | None = None,
    baseline: int = BASELINE,
) -> Cusum:
    """Two-sided CUSUM with both sums set back to nought at an alert (strictly above ``threshold`` sigma).

    Target and sigma, when not given, come from the first ``baseline`` values, which are not watched; after an
    alert they follow the last ``baseline`` values for as many months, so that a lasting new level becomes the
    standard and stops alerting. Raises ValueError when only one of target and sigma is given, or one of the
    sizes is not positive.
    """
    if (target is None) != (sigma is None):
        raise ValueError("give both target and sigma, or neither")
    if threshold <= 0 or slack < 0 or baseline < 2 or (sigma is not None and sigma <= 0):
        raise ValueError("threshold and sigma are above 0, slack is not below 0, the baseline has two months")
    numbers = [None if value is None else float(exact(value)) for value in values]
    fixed = target is not None
    level, scale = (target, sigma) if fixed else (0.0, 0.0)
    seen: list[float] = []
    steps: list[Step] = []
    alerts: list[int] = []
    upper = lower = 0.0
    watched = learning = 0
    for position, value in enumerate(numbers):
        if value is None:
            steps.append(Step(None, None, None))
            continue
        seen.append(value)
        if not fixed and len(seen) <= baseline:
            if len(seen) == baseline:
                level, scale = _learn(seen)
            steps.append(Step(None, None, None))
            continue
        if learning:
            level, scale = _learn(seen[-baseline - 1 : -1])
            learning -= 1
        watched += 1
        score = (value - level) / scale
        upper, lower = max(0.0, upper + score - slack), max(0.0, lower - score - slack)
        alert = _alert(upper, lower, threshold)
        steps.append(Step(upper, lower, alert))
        if alert:
            alerts.append(position)
            upper = lower = 0.0
            learning = 0 if fixed else baseline
    return Cusum(tuple(steps), tuple(alerts), watched)


def threshold_for(
    history: Sequence[Sequence[Number | None]],
    *,
    alerts_per_month: float,
    slack: float = SLACK,
    baseline: int = BASELINE,
    step: float = 0.25,
) -> Budget | None:
    """Threshold so that the alerts of all institutions together stay within ``alerts_per_month`` on
    ``history``.

    Comes down from a threshold without alerts until the budget would be broken, so that each higher one
    on the grid keeps it too (the count need not fall evenly, because an alert changes what follows). None
    when no month can be watched. Raises ValueError for a negative budget.
    """
    if alerts_per_month < 0:
        raise ValueError("an alert budget is not negative")
    months = max((len(series) - baseline for series in history), default=0)
    if months <= 0:
        return None

    def count(threshold: float) -> int:
        runs = (cusum(series, threshold=threshold, slack=slack, baseline=baseline) for series in history)
        return sum(len(run.alerts) for run in runs)

    grid = 1
    while count(grid * step):
        grid *= 2
    alerts = 0
    while grid > 1 and (fewer := count((grid - 1) * step)) <= alerts_per_month * months:
        grid, alerts = grid - 1, fewer
    return Budget(grid * step, alerts, months)


def _learn(window: Sequence[float]) -> tuple[float, float]:
    """Mean and population standard deviation, as the source takes them."""
    level = math.fsum(window) / len(window)
    scale = math.sqrt(math.fsum((value - level) ** 2 for value in window) / len(window))
    return level, max(scale, LEAST_SIGMA)


def _alert(upper: float, lower: float, threshold: float) -> Literal["up", "down"] | None:
    if upper > threshold:
        return "up"
    return "down" if lower > threshold else None
