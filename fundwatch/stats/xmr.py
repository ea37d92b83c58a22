"""XmR chart of a monthly series: mean, limits, special causes, assurance against a target.

Source: NHSRplotthedots, R/ptd_spc_standard.R, ptd_calculate_point_type.R, ptd_calculate_assurance_type.R.
Not for cumulated or strongly seasonal series, nor for ratios with a handful of cases below the line. All
comparisons are made on exact fractions: with floats the mean of equal values is not always that value,
and a series that never moves would then show points outside limits of width nought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from fundwatch.stats.limits import LIMIT, NEAR_LIMIT, TRIAL_BELOW, Limits, Segment, limits_of, segment_of
from fundwatch.stats.numbers import Number, exact
from fundwatch.stats.special_causes import Rule, rules

Better = Literal["higher", "lower", "neither"]


class Variation(StrEnum):
    """What a point says. ``neutral_*`` where neither direction is better."""

    COMMON = "common"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


class Assurance(StrEnum):
    """Whether the process as it runs now will meet the target."""

    PASS = "pass"  # noqa: S105 - an outcome, not a secret
    FAIL = "fail"
    HIT_AND_MISS = "hit_and_miss"
    NONE = "none"


@dataclass(frozen=True)
class Point:
    """``value`` None is a month without value; ``variation`` is None there and where no limits exist yet."""

    value: float | None
    segment: int
    rule: Rule | None
    variation: Variation | None


@dataclass(frozen=True)
class Xmr:
    """``variation`` and ``rule`` are those of the last month only; ``partial`` is the unfinished month,
    no point.
    """

    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    variation: Variation | None
    rule: Rule | None
    assurance: Assurance
    trial: bool
    partial: float | None


def xmr(
    values: Sequence[Number | None],
    *,
    better: Better,
    target: Number | None = None,
    screen: bool = True,
    rebase: Mapping[int, str] | None = None,
    fix_after: int | None = None,
    last_is_partial: bool = False,
) -> Xmr:
    """Chart of ``values``, one per month, oldest first, in the KPI's unit.

    ``rebase`` maps the position of a segment's first point to the known change that justifies it;
    ``fix_after`` takes the limits from the first so many points of each segment; ``last_is_partial``
    keeps the last value out. Raises ValueError for an unknown direction, a rebase outside the series or
    without reason, a NaN.
    """
    if better not in ("higher", "lower", "neither"):
        raise ValueError(f"better is higher, lower or neither, not {better!r}")
    if fix_after is not None and fix_after < TRIAL_BELOW:
        raise ValueError(f"limits are fixed after {TRIAL_BELOW} points at the earliest, not {fix_after}")
    numbers = [None if value is None else exact(value) for value in values]
    partial = numbers.pop() if last_is_partial and numbers else None
    goal = None if target is None else exact(target)

    segments: list[Segment] = []
    points: list[Point] = []
    assurance = Assurance.NONE
    for start, end, reason in _parts(len(numbers), rebase or {}):
        part = numbers[start:end]
        limits = limits_of(part[:fix_after], screen)
        segments.append(segment_of(start, end, part, limits, reason))
        points += _points(part, limits, len(segments) - 1, better)
        assurance = _assurance(limits, goal, better)
    last = points[-1] if points else None
    return Xmr(
        points=tuple(points),
        segments=tuple(segments),
        variation=last.variation if last else None,
        rule=last.rule if last else None,
        assurance=assurance,
        trial=segments[-1].trial if segments else True,
        partial=None if partial is None else float(partial),
    )


def _parts(length: int, rebase: Mapping[int, str]) -> list[tuple[int, int, str | None]]:
    """(start, end, reason) of each segment."""
    for position, reason in rebase.items():
        if not 0 < position < length:
            raise ValueError(f"a rebase starts inside the series, not at {position} of {length} points")
        if not reason.strip():
            raise ValueError(f"the rebase at {position} needs its reason")
    edges = [0, *sorted(rebase), length] if length else []
    return [(start, end, rebase.get(start)) for start, end in pairwise(edges)]


def _points(
    part: Sequence[Fraction | None],
    limits: Limits,
    segment: int,
    better: Better,
) -> list[Point]:
    if limits is None or limits[1] is None:
        return [Point(None if value is None else float(value), segment, None, None) for value in part]
    centre, average = limits
    found = rules(part, centre, NEAR_LIMIT * average, LIMIT * average)
    return [
        Point(None, segment, None, None)
        if value is None
        else Point(float(value), segment, rule, _variation(rule, value - centre, better))
        for value, rule in zip(part, found, strict=True)
    ]


def _variation(rule: Rule | None, distance: Fraction, better: Better) -> Variation:
    """By the side of the mean the point lies on, whatever the rule, as in the source: a trend that
    crosses the mean changes its colour there, and its point exactly on the mean is no improvement.
    """
    if rule is None:
        return Variation.COMMON
    if better == "neither":
        return Variation.NEUTRAL_HIGH if distance > 0 else Variation.NEUTRAL_LOW
    improved = distance > 0 if better == "higher" else distance < 0
    return Variation.IMPROVEMENT if improved else Variation.CONCERN


def _assurance(limits: Limits, target: Fraction | None, better: Better) -> Assurance:
    """Strict: a target that lies on a limit is hit and miss."""
    if limits is None or limits[1] is None or target is None or better == "neither":
        return Assurance.NONE
    centre, average = limits
    if target > centre + LIMIT * average:
        return Assurance.FAIL if better == "higher" else Assurance.PASS
    if target < centre - LIMIT * average:
        return Assurance.PASS if better == "higher" else Assurance.FAIL
    return Assurance.HIT_AND_MISS
