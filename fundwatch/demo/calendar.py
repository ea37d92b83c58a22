"""Dates of the ledgers: office days from a random stream."""

from __future__ import annotations

import datetime as dt

import numpy as np

ONE_DAY = dt.timedelta(days=1)


def office_day(day: dt.date) -> dt.date:
    """The day itself, or the Friday before when it falls on a weekend (ledgers are kept on weekdays)."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def days_after(day: dt.date, rng: np.random.Generator, least: int, most: int) -> dt.date:
    """An office day ``least`` to ``most`` days later, never before ``day``."""
    return max(day, office_day(day + dt.timedelta(days=int(rng.integers(least, most + 1)))))


def in_office(day: dt.date, rng: np.random.Generator) -> dt.datetime:
    """A time of that day in office hours."""
    return dt.datetime(day.year, day.month, day.day) + dt.timedelta(
        minutes=int(rng.integers(8 * 60 + 30, 17 * 60 + 30))
    )


def spread_days(first: dt.date, last: dt.date, count: int) -> list[dt.date]:
    """``count`` office days in even steps from first to last."""
    length = (last - first).days
    return [
        office_day(first + dt.timedelta(days=round(length * (place + 0.5) / count))) for place in range(count)
    ]


def as_date(day: np.datetime64) -> dt.date:
    return day.astype("M8[D]").astype(dt.date)
