"""Periods of screens and exports: calendar days, in words, and as an address or a command gives them."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from fundwatch.ui import numbers

FROM, TO = "from", "to"
#: an address asks for no other years: a period before those has no year before it
YEARS = range(1900, 2101)


class Kind(StrEnum):
    """How a period was chosen; the value is the word in the picker."""

    YEAR = "年初至今"
    QUARTER = "本季"
    MONTH = "本月"
    CUSTOM = "自定义"


@dataclass(frozen=True)
class Period:
    """Calendar days, both included."""

    start: dt.date
    end: dt.date

    @property
    def words(self) -> str:
        """2024年1-6月, 2024年6月, 2024年, or the two days."""
        whole = self.start.day == 1 and self.end == month_end(self.end)
        if whole and self.start.year == self.end.year:
            if self.start.month == self.end.month:
                return numbers.month(self.start)
            if (self.start.month, self.end.month) == (1, 12):
                return f"{self.start.year}年"
            return f"{self.start.year}年{self.start.month}-{self.end.month}月"
        return f"{numbers.date(self.start)} 至 {numbers.date(self.end)}"

    def year_before(self) -> Period:
        """The same days one year earlier; 29 February becomes 28 February, a month's last day stays one."""
        return Period(_year_back(self.start), _year_back(self.end))

    def before(self) -> Period:
        """The period before: the previous month, quarter or year for whole ones, else as many days before."""
        last = self.start - dt.timedelta(days=1)
        if self.start.day == 1 and self.end == month_end(self.end):
            months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
            return Period(_months_back(self.start, months), last)
        return Period(last - (self.end - self.start), last)


def month_end(day: dt.date) -> dt.date:
    """The last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def of_kind(kind: Kind, newest: dt.date) -> Period:
    """The month, quarter or year of the newest data, up to its newest day."""
    match kind:
        case Kind.MONTH:
            return Period(newest.replace(day=1), newest)
        case Kind.QUARTER:
            return Period(dt.date(newest.year, (newest.month - 1) // 3 * 3 + 1, 1), newest)
        case _:
            return Period(dt.date(newest.year, 1, 1), newest)


def kind_of(period: Period, newest: dt.date) -> Kind:
    """The word that the picker shows for a period."""
    for kind in (Kind.YEAR, Kind.QUARTER, Kind.MONTH):
        if of_kind(kind, newest) == period:
            return kind
    return Kind.CUSTOM


def read_period(given: Mapping[str, str], newest: dt.date) -> Period:
    """The period in an address; the year to date where it has none or one that cannot be read."""
    try:
        period = Period(dt.date.fromisoformat(given[FROM]), dt.date.fromisoformat(given[TO]))
    except (KeyError, ValueError):
        return of_kind(Kind.YEAR, newest)
    sane = period.start <= period.end and period.start.year in YEARS and period.end.year in YEARS
    return period if sane else of_kind(Kind.YEAR, newest)


def _year_back(day: dt.date) -> dt.date:
    year = day.year - 1
    if day == month_end(day):
        return month_end(dt.date(year, day.month, 1))
    return day.replace(year=year)


def _months_back(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)
