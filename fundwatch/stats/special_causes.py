"""The four special-cause rules of an XmR chart. Source: NHSRplotthedots, R/ptd_calculate_point_type.R."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction

RUN = 7  # points of a trend, and on one side of the mean


class Rule(StrEnum):
    """In the order in which they name a point that meets several."""

    OUTSIDE = "outside"
    RISING = "rising"
    FALLING = "falling"
    NEAR_LIMIT = "near_limit"
    ONE_SIDE = "one_side"


def rules(
    part: Sequence[Fraction | None], centre: Fraction, near: Fraction, limit: Fraction
) -> list[Rule | None]:
    """The rule of each point, None for common cause and for gaps. ``near`` and ``limit`` are distances
    from the mean. A gap ends a run: nobody knows on which side the missing month would have been.
    """
    found: list[Rule | None] = [None] * len(part)
    for start, end in _unbroken(part):
        run = [value - centre for value in part[start:end] if value is not None]
        marks = [_outside(run, limit), *_trends(run), _near_limit(run, near, limit), _one_side(run)]
        names = (Rule.OUTSIDE, Rule.RISING, Rule.FALLING, Rule.NEAR_LIMIT, Rule.ONE_SIDE)
        for position in range(end - start):
            hits = (name for name, marked in zip(names, marks, strict=True) if position in marked)
            found[start + position] = next(hits, None)
    return found


def _unbroken(part: Sequence[Fraction | None]) -> Iterator[tuple[int, int]]:
    start = 0
    for position, value in enumerate([*part, None]):
        if value is None:
            if position > start:
                yield start, position
            start = position + 1


def _outside(run: Sequence[Fraction], limit: Fraction) -> set[int]:
    return {i for i, distance in enumerate(run) if abs(distance) > limit}


def _trends(run: Sequence[Fraction]) -> tuple[set[int], set[int]]:
    """Positions of whole strictly rising runs of at least seven points, and of falling ones."""
    return (
        _long_runs([i > 0 and run[i] > run[i - 1] for i in range(len(run))], RUN - 1, lead=1),
        _long_runs([i > 0 and run[i] < run[i - 1] for i in range(len(run))], RUN - 1, lead=1),
    )


def _near_limit(run: Sequence[Fraction], near: Fraction, limit: Fraction) -> set[int]:
    """Points between two and three sigma in a window of three, all on one side of the mean, two of them
    so far out.
    """
    far = [near < abs(distance) <= limit for distance in run]
    marked: set[int] = set()
    for i in range(len(run) - 2):
        window = range(i, i + 3)
        one_side = all(run[j] > 0 for j in window) or all(run[j] < 0 for j in window)
        hits = [j for j in window if far[j]]
        if one_side and len(hits) >= 2:
            marked.update(hits)
    return marked


def _one_side(run: Sequence[Fraction]) -> set[int]:
    """Positions of whole runs of at least seven points above, or below, the mean; a point on it ends a
    run.
    """
    return _long_runs([value > 0 for value in run], RUN) | _long_runs([value < 0 for value in run], RUN)


def _long_runs(true: Sequence[bool], least: int, lead: int = 0) -> set[int]:
    """Positions in runs of at least ``least`` true values, with the ``lead`` positions before each."""
    marked: set[int] = set()
    start = 0
    for position, value in enumerate([*true, False]):
        if not value:
            if position - start >= least:
                marked.update(range(start - lead, position))
            start = position + 1
    return marked
