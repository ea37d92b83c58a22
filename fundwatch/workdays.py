"""Working days by the official Chinese holiday calendar with its make-up working days, and the bureau's own exceptions.

The day itself is not counted. Before and beyond the years the holiday library knows, Monday to Friday are working days; a screen
then says so (``is_published``). Source of the calendar: chinesecalendar (notices of the State Council's office). The functions of
this module are the official calendar; a clock of the bureau asks ``workdays_of(warehouse)``, SQL joins the mart ``dim_workday``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import chinese_calendar
import pyarrow as pa

_YEARS = {day.year for day in chinese_calendar.constants.holidays}
FIRST_YEAR, LAST_YEAR = min(_YEARS), max(_YEARS)
#: the days that ``dim_workday`` holds: before the first claims, and beyond every date the contract accepts
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2049, 12, 31)
SATURDAY = 5
HOLIDAY_WORDS = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "National Day": "国庆节", "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}  # fmt: skip


class Source(Protocol):
    """A warehouse, or anything else that answers a select with an Arrow table."""

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> pa.Table: ...


@dataclass(frozen=True)
class Workdays:
    """A calendar: the official one, but for the days that ``exceptions`` names (True: people work)."""

    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)

    def is_workday(self, day: dt.date) -> bool:
        """Whether people work on that day, make-up working days included."""
        own = self.exceptions.get(day)
        if own is not None:
            return own
        if is_published(day):
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < SATURDAY

    def workday_after(self, day: dt.date, count: int) -> dt.date:
        """The ``count``-th working day after ``day`` (count ≥ 1; ``day`` itself is not counted)."""
        if count < 1:
            raise ValueError(f"count must be at least 1, got {count}")
        while count:
            day += dt.timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def workdays_between(self, after: dt.date, upto: dt.date) -> int:
        """Working days d with after < d ≤ upto; 0 when ``upto`` is not later."""
        days = (after + dt.timedelta(days=step) for step in range(1, (upto - after).days + 1))
        return sum(self.is_workday(day) for day in days)


OFFICIAL = Workdays()


def workdays_of(warehouse: Source) -> Workdays:
    """The calendar of a version: what its ``dim_workday`` was made with."""
    found = warehouse.query("select cal_date, workday_flag from dim_workday where own_flag = '1'")
    return Workdays({row["cal_date"]: row["workday_flag"] == "1" for row in found.to_pylist()})


def is_published(day: dt.date) -> bool:
    """Whether the official calendar of that day's year is known; otherwise Monday to Friday are assumed."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def is_workday(day: dt.date) -> bool:
    """``Workdays.is_workday`` of the official calendar."""
    return OFFICIAL.is_workday(day)


def workday_after(day: dt.date, count: int) -> dt.date:
    """``Workdays.workday_after`` of the official calendar."""
    return OFFICIAL.workday_after(day, count)


def workdays_between(after: dt.date, upto: dt.date) -> int:
    """``Workdays.workdays_between`` of the official calendar."""
    return OFFICIAL.workdays_between(after, upto)


def day_words(day: dt.date) -> str:
    """Why the official calendar has the day as it is: 春节, 春节调休上班, 周末, 工作日."""
    constants = chinese_calendar.constants
    if day in constants.holidays:
        return HOLIDAY_WORDS[constants.holidays[day]]
    if day in constants.workdays:
        return f"{HOLIDAY_WORDS[constants.workdays[day]]}调休上班"
    return "工作日" if day.weekday() < SATURDAY else "周末"


def official_days() -> Iterator[tuple[dt.date, str, str]]:
    """(day, workday flag, why) for every day that ``dim_workday`` holds."""
    for step in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + dt.timedelta(days=step)
        yield day, "1" if is_workday(day) else "0", day_words(day)
