"""Working days by the official Chinese holiday calendar with its make-up working days.

The day itself is not counted. Before and beyond the years the holiday library knows, Monday to Friday are working days; a screen
then says so (``is_published``). Source of the calendar: chinesecalendar (notices of the State Council's office).
"""

from __future__ import annotations

import datetime as dt

import chinese_calendar

_YEARS = {day.year for day in chinese_calendar.constants.holidays}
FIRST_YEAR, LAST_YEAR = min(_YEARS), max(_YEARS)
SATURDAY = 5


def is_published(day: dt.date) -> bool:
    """Whether the official calendar of that day's year is known; otherwise Monday to Friday are assumed."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def is_workday(day: dt.date) -> bool:
    """Whether people work on that day, make-up working days included."""
    if is_published(day):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < SATURDAY


def workday_after(day: dt.date, count: int) -> dt.date:
    """The ``count``-th working day after ``day`` (count ≥ 1; ``day`` itself is not counted)."""
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    while count:
        day += dt.timedelta(days=1)
        count -= is_workday(day)
    return day


def workdays_between(after: dt.date, upto: dt.date) -> int:
    """Working days d with after < d ≤ upto; 0 when ``upto`` is not later."""
    days = (after + dt.timedelta(days=step) for step in range(1, (upto - after).days + 1))
    return sum(is_workday(day) for day in days)
