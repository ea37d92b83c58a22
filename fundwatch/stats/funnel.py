"""Funnel limits for institutions side by side, with overdispersion. No ranking: inside the funnel all are
alike.

Source: FunnelPlotR (nhs-r-community), R/od_adjustment.R, od_limits.R, poisson_limits.R; Spiegelhalter
2005. For counts only: amounts of money are no counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scipy import stats

from fundwatch.stats.dispersion import Dispersion, dispersion
from fundwatch.stats.numbers import Number, exact

Z_95 = 1.959964  # as the source prints them
Z_998 = 3.090232

Unit = tuple[str, Number, Number]  # key, numerator (observed), denominator (expected)


class Position(StrEnum):
    """Strictly outside counts as outside; on a limit is inside."""

    BELOW_998 = "below_998"
    BELOW_95 = "below_95"
    INSIDE = "inside"
    ABOVE_95 = "above_95"
    ABOVE_998 = "above_998"
    NO_VALUE = "no_value"


@dataclass(frozen=True)
class Limits:
    """Control limits at 95 % and 99.8 %, in the unit of the value."""

    lower_998: float
    lower_95: float
    upper_95: float
    upper_998: float


@dataclass(frozen=True)
class FunnelPoint:
    """``value`` and ``limits`` are None where the denominator is 0."""

    key: str
    numerator: float
    denominator: float
    value: float | None
    limits: Limits | None
    position: Position


@dataclass(frozen=True)
class Funnel:
    """``centre`` is the value of all units together, None without any; points in the order given."""

    centre: float | None
    dispersion: Dispersion
    points: tuple[FunnelPoint, ...]


def proportions(units: Sequence[Unit], *, overdispersion: bool = True) -> Funnel:
    """Funnel of r out of n (arcsine scale); values between 0 and 1. Raises ValueError unless 0 <= r <= n."""
    for key, part, whole in units:
        if not 0 <= exact(part) <= exact(whole):
            raise ValueError(f"{key}: {part} out of {whole} is no proportion")
    used = [(key, float(part), float(whole)) for key, part, whole in units if whole]
    if not used:
        return _funnel(units, None, Dispersion(0.0, 0.0), {})
    centre = sum(part for _, part, _ in used) / sum(whole for *_, whole in used)
    middle = math.asin(math.sqrt(centre))
    errors = [1 / (2 * math.sqrt(whole)) for *_, whole in used]
    scores = [
        (math.asin(math.sqrt(part / whole)) - middle) / error
        for (_, part, whole), error in zip(used, errors, strict=True)
    ]
    spread = dispersion(scores, errors)
    tau2 = spread.tau2 if overdispersion else 0.0
    limits = {key: proportion_limits(centre, whole, tau2) for key, _, whole in used}
    return _funnel(units, centre, spread, limits)


def proportion_limits(centre: float, size: Number, tau2: float = 0.0) -> Limits:
    """Limits around ``centre`` for a denominator of ``size``, for a unit or for drawing the funnel's curve.

    The angle is kept within 0 and a right angle: beyond them the squared sine turns back, and a small
    institution's lower limit would rise again.
    """
    middle = math.asin(math.sqrt(centre))
    error = math.sqrt(1 / (4 * float(size)) + tau2)

    def at(z: float) -> float:
        return math.sin(min(max(middle + z * error, 0.0), math.pi / 2)) ** 2

    return Limits(at(-Z_998), at(-Z_95), at(Z_95), at(Z_998))


def count_ratios(units: Sequence[Unit], *, overdispersion: bool = True) -> Funnel:
    """Funnel of a ratio of two independent counts a / b (log scale). Raises ValueError for negative
    counts.
    """
    _no_negatives(units)
    used = [(key, float(a), float(b)) for key, a, b in units if b]
    total = sum(a for _, a, _ in used)
    if not total:  # without a single event there is no ratio to measure anybody against
        return _funnel(units, 0.0 if used else None, Dispersion(0.0, 0.0), {})
    centre = total / sum(b for *_, b in used)
    middle = math.log(centre)
    errors = [math.sqrt(a / (a + 0.5) ** 2 + b / (b + 0.5) ** 2) for _, a, b in used]
    scores = [
        (math.log((a + 0.5) / (b + 0.5)) - middle) / error
        for (_, a, b), error in zip(used, errors, strict=True)
    ]
    spread = dispersion(scores, errors)
    tau2 = spread.tau2 if overdispersion else 0.0
    limits = {}
    for (key, *_), error in zip(used, errors, strict=True):
        wide = math.sqrt(error**2 + tau2)
        limits[key] = Limits(*(math.exp(middle + z * wide) for z in (-Z_998, -Z_95, Z_95, Z_998)))
    return _funnel(units, centre, spread, limits)


def observed_expected(units: Sequence[Unit]) -> Funnel:
    """Funnel of observed over expected counts with exact Poisson limits around 1; dispersion on the
    square-root scale for information. Raises ValueError for negative counts.
    """
    _no_negatives(units)
    used = [(key, float(observed), float(expected)) for key, observed, expected in units if expected]
    errors = [1 / (2 * math.sqrt(expected)) for *_, expected in used]
    scores = [
        (math.sqrt(observed / expected) - 1) / error
        for (_, observed, expected), error in zip(used, errors, strict=True)
    ]
    limits = {key: poisson_limits(expected) for key, _, expected in used}
    return _funnel(units, 1.0 if used else None, dispersion(scores, errors), limits)


def poisson_limits(expected: Number) -> Limits:
    """Exact limits of observed / expected for ``expected`` > 0 events."""
    mean = float(expected)

    def lower(tail: float) -> float:
        return float(stats.chi2.ppf(tail, 2 * mean)) / (2 * mean)

    def upper(tail: float) -> float:
        return float(stats.chi2.ppf(1 - tail, 2 * (mean + 1))) / (2 * mean)

    return Limits(lower(0.001), lower(0.025), upper(0.025), upper(0.001))


def _no_negatives(units: Sequence[Unit]) -> None:
    for key, part, whole in units:
        if exact(part) < 0 or exact(whole) < 0:
            raise ValueError(f"{key}: counts cannot be negative")


def _funnel(
    units: Sequence[Unit], centre: float | None, spread: Dispersion, limits: dict[str, Limits]
) -> Funnel:
    if len({key for key, *_ in units}) != len(units):
        raise ValueError("each unit of a funnel has a key of its own")
    points = []
    for key, part, whole in units:
        value = float(exact(part) / exact(whole)) if whole else None
        band = limits.get(key)
        points.append(FunnelPoint(key, float(part), float(whole), value, band, _position(value, band)))
    return Funnel(centre, spread, tuple(points))


def _position(value: float | None, limits: Limits | None) -> Position:
    if value is None:
        return Position.NO_VALUE
    if limits is None:
        return Position.INSIDE
    if value > limits.upper_95:
        return Position.ABOVE_998 if value > limits.upper_998 else Position.ABOVE_95
    if value < limits.lower_95:
        return Position.BELOW_998 if value < limits.lower_998 else Position.BELOW_95
    return Position.INSIDE
