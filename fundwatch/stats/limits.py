"""Mean and limits of one segment of an XmR chart. Source: NHSRplotthedots, R/ptd_spc_standard.R."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from fundwatch.stats.numbers import mean

# (mean, average moving range); no range with fewer than two neighbouring months, None without any value
Limits = tuple[Fraction, Fraction | None] | None

LIMIT = Fraction("2.66")  # 3 / 1.128: three sigma from the average moving range of two
NEAR_LIMIT = LIMIT * 2 / 3
SCREEN = Fraction("3.267")  # upper limit of a moving range; Nelson 1982 leaves larger ones out
TRIAL_BELOW = 12  # points; under that the limits are provisional (Making Data Count)


@dataclass(frozen=True)
class Segment:
    """Positions ``start`` to ``end - 1`` with limits of their own; limits are None without a moving range."""

    start: int
    end: int
    count: int
    mean: float | None
    average_moving_range: float | None
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    trial: bool
    reason: str | None


def limits_of(part: Sequence[Fraction | None], screen: bool) -> Limits:
    """(mean, average moving range) or None without values. A gap gives no moving range across it."""
    present = [value for value in part if value is not None]
    if not present:
        return None
    ranges = [abs(b - a) for a, b in pairwise(part) if a is not None and b is not None]
    if not ranges:
        return mean(present), None
    average = mean(ranges)
    if screen and average > 0:  # all equal: every range would be screened out
        average = mean([size for size in ranges if size < SCREEN * average])
    return mean(present), average


def segment_of(
    start: int,
    end: int,
    part: Sequence[Fraction | None],
    limits: Limits,
    reason: str | None,
) -> Segment:
    """The limits of a segment as the chart shows them; ``count`` leaves gaps out."""
    centre, average = limits or (None, None)

    def at(factor: Fraction) -> float | None:
        return None if centre is None or average is None else float(centre + factor * average)

    count = sum(value is not None for value in part)
    return Segment(
        start=start,
        end=end,
        count=count,
        mean=None if centre is None else float(centre),
        average_moving_range=None if average is None else float(average),
        lower=at(-LIMIT),
        upper=at(LIMIT),
        near_lower=at(-NEAR_LIMIT),
        near_upper=at(NEAR_LIMIT),
        trial=count < TRIAL_BELOW,
        reason=reason,
    )
