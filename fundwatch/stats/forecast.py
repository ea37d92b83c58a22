"""Year-end forecast of a monthly series: the months still to come repeat those of last year (seasonal
naive).

The bands come from how far the same rule missed in the past over as many months, whatever the shape of
the errors (split conformal, absolute errors); they exist only when the past holds enough such spans.
Spans overlap, so the share they cover is about, not exactly, the one printed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from fundwatch.stats.numbers import Number, exact

YEAR = 12
LEVELS = (80, 95)  # percent


@dataclass(frozen=True)
class Band:
    """Between ``lower`` and ``upper`` at ``level`` percent."""

    level: int
    lower: float
    upper: float


@dataclass(frozen=True)
class Backtest:
    """Past forecasts of the same span: how many, their mean absolute error, and that in percent of the
    actual sums (None when those add up to 0).
    """

    spans: int
    mean_absolute_error: float
    error_pct: float | None


@dataclass(frozen=True)
class Forecast:
    """``year_to_date`` and ``year_end`` in the unit of the series; ``months`` are the months still to come.

    ``bands`` are those of the year-end total; a level is left out when the history is too short for it.
    """

    year_to_date: float
    months: tuple[float, ...]
    year_end: float
    bands: tuple[Band, ...]
    backtest: Backtest | None

    def band(self, level: int) -> Band | None:
        """The band at 80 or 95 percent, or None."""
        return next((band for band in self.bands if band.level == level), None)


def year_end(values: Sequence[Number | None], last_month: int) -> Forecast | None:
    """Forecast of the calendar year's total from ``values``, one per whole month up to ``last_month`` (1
    to 12).

    None when a month of this year, or one of last year that it needs, has no value. After December the
    forecast is the year itself, with no band. Raises ValueError for a month outside 1 to 12.
    """
    if not 1 <= last_month <= YEAR:
        raise ValueError(f"a month is 1 to 12, not {last_month}")
    numbers = [None if value is None else exact(value) for value in values]
    ahead = YEAR - last_month
    this_year = _known(numbers[-last_month:], last_month)
    to_come = _known(numbers[-YEAR:][:ahead], ahead) if len(numbers) >= YEAR or not ahead else None
    if this_year is None or to_come is None:
        return None
    so_far = sum(this_year, Fraction(0))
    total = so_far + sum(to_come, Fraction(0))
    misses = _misses(numbers, ahead) if ahead else []
    bands = []
    for level in LEVELS:
        width = _width([abs(miss) for miss, _ in misses], level)
        if width is not None:
            bands.append(Band(level, float(total - width), float(total + width)))
    return Forecast(
        year_to_date=float(so_far),
        months=tuple(float(value) for value in to_come),
        year_end=float(total),
        bands=tuple(bands),
        backtest=_backtest(misses),
    )


def _known(part: Sequence[Fraction | None], count: int) -> list[Fraction] | None:
    present = [value for value in part if value is not None]
    return present if len(part) == len(present) == count else None


def _misses(numbers: Sequence[Fraction | None], span: int) -> list[tuple[Fraction, Fraction]]:
    """(actual - forecast, actual) of the sum of each past ``span`` months that has its year before."""
    found = []
    for start in range(YEAR, len(numbers) - span + 1):
        actual = _known(numbers[start : start + span], span)
        before = _known(numbers[start - YEAR : start - YEAR + span], span)
        if actual is not None and before is not None:
            found.append((sum(actual, Fraction(0)) - sum(before, Fraction(0)), sum(actual, Fraction(0))))
    return found


def _width(sizes: Sequence[Fraction], level: int) -> Fraction | None:
    """The miss that ``level`` percent of forecasts stay within: the (n + 1) * level-th smallest of n,
    None if beyond.
    """
    rank = math.ceil(Fraction(level, 100) * (len(sizes) + 1))
    return sorted(sizes)[rank - 1] if rank <= len(sizes) else None


def _backtest(misses: Sequence[tuple[Fraction, Fraction]]) -> Backtest | None:
    if not misses:
        return None
    missed = sum((abs(miss) for miss, _ in misses), Fraction(0))
    actual = abs(sum((amount for _, amount in misses), Fraction(0)))
    error = float(100 * missed / actual) if actual else None
    return Backtest(len(misses), float(missed / len(misses)), error)
