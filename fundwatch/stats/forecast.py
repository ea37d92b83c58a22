"""Year-end forecast of a monthly series: the months still to come repeat those of last year (seasonal
naive, the benchmark), or those of last year moved by how much the months of this year lie above theirs (trend).

A trend adds the same amount to each month, so that the forecast of a difference is the difference of the
forecasts: surplus = income - outlay. It is worth showing only where it missed by less than the benchmark over the
same past spans. The bands come from how far the same rule missed in the past over as many months, whatever the shape of
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
LEAST_SPANS = 3  # past spans that both rules could have forecast, to say which one missed by less
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


@dataclass(frozen=True)
class Comparison:
    """Both rules side by side. The errors are mean absolute errors of the sums over the ``spans`` that both could
    forecast, None without any; ``trend`` is None where its months are not all known.
    """

    benchmark: Forecast
    trend: Forecast | None
    spans: int
    benchmark_error: float | None
    trend_error: float | None

    @property
    def can_tell(self) -> bool:
        """Whether the past is long enough to say which rule misses by less."""
        return self.trend is not None and self.spans >= LEAST_SPANS

    @property
    def beats(self) -> bool:
        """Whether the trend missed by less than the benchmark."""
        errors = self.trend_error, self.benchmark_error
        return self.can_tell and None not in errors and errors[0] < errors[1]  # type: ignore[operator]

    @property
    def chosen(self) -> Forecast:
        """The trend where it beats the benchmark, else the benchmark."""
        return self.trend if self.trend is not None and self.beats else self.benchmark


def compare(values: Sequence[Number | None], last_month: int) -> Comparison | None:
    """Both forecasts of ``year_end`` and how they did in the past; None where the benchmark has none."""
    benchmark = year_end(values, last_month)
    if benchmark is None:
        return None
    numbers = [None if value is None else exact(value) for value in values]
    ahead = YEAR - last_month
    naive, moved = (dict(_missed(numbers, ahead, trend=trend)) for trend in (False, True))
    common = sorted(set(naive) & set(moved))

    def error(found: dict[int, tuple[Fraction, Fraction]]) -> float | None:
        return (
            float(sum((abs(found[start][0]) for start in common), Fraction(0)) / len(common))
            if common
            else None
        )

    return Comparison(
        benchmark, year_end(values, last_month, trend=True), len(common), error(naive), error(moved)
    )


def year_end(values: Sequence[Number | None], last_month: int, *, trend: bool = False) -> Forecast | None:
    """Forecast of the calendar year's total from ``values``, one per whole month up to ``last_month`` (1
    to 12).

    None when a month of this year, or one of last year that it needs (with ``trend`` all of them), has no value. After December the
    forecast is the year itself, with no band. Raises ValueError for a month outside 1 to 12.
    """
    if not 1 <= last_month <= YEAR:
        raise ValueError(f"a month is 1 to 12, not {last_month}")
    numbers = [None if value is None else exact(value) for value in values]
    ahead = YEAR - last_month
    this_year = _known(numbers[-last_month:], last_month)
    to_come = _ahead(numbers, len(numbers), ahead, trend=trend)
    if this_year is None or to_come is None:
        return None
    so_far = sum(this_year, Fraction(0))
    total = so_far + sum(to_come, Fraction(0))
    misses = [miss for _, miss in _missed(numbers, ahead, trend=trend)]
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


def _ahead(
    numbers: Sequence[Fraction | None], start: int, span: int, *, trend: bool
) -> list[Fraction] | None:
    """The ``span`` months from position ``start`` on, as forecast from what came before it; None where that is not known."""
    if not span:
        return []
    if start < YEAR:
        return None
    before = _known(numbers[start - YEAR : start - YEAR + span], span)
    if before is None or not trend:
        return before
    seen = YEAR - span
    if start < YEAR + seen:
        return None
    this_year = _known(numbers[start - seen : start], seen)
    last_year = _known(numbers[start - YEAR - seen : start - YEAR], seen)
    if this_year is None or last_year is None:
        return None
    shift = (sum(this_year, Fraction(0)) - sum(last_year, Fraction(0))) / seen
    return [value + shift for value in before]


def _missed(
    numbers: Sequence[Fraction | None], span: int, *, trend: bool
) -> list[tuple[int, tuple[Fraction, Fraction]]]:
    """(start, (actual - forecast, actual)) of the sum of each past ``span`` months that could have been forecast."""
    found = []
    for start in range(YEAR, len(numbers) - span + 1) if span else ():
        actual = _known(numbers[start : start + span], span)
        forecast = _ahead(numbers, start, span, trend=trend)
        if actual is not None and forecast is not None:
            total = sum(actual, Fraction(0))
            found.append((start, (total - sum(forecast, Fraction(0)), total)))
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
