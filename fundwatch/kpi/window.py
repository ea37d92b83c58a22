"""The period a KPI is evaluated for, and the names its SQL may use for it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

#: $name → what it is
WINDOW_PARAMETERS = {
    "period_start": "first day of the period",
    "period_end": "last day of the period",
    "year": "year of the last day",
    "ytd_start": "1 January of that year",
    "h1_end": "the earlier of the last day and 30 June of that year",
    "year_months": "whole months of that year gone by on the last day",
    "months_in_cell": "whole months a row of the result stands for: those of the period, or 1 when split by month",
    "load_date": "day of the last load",
}


@dataclass(frozen=True)
class Window:
    """A period in calendar days, both ends included."""

    start: dt.date
    end: dt.date

    @property
    def year(self) -> int:
        return self.end.year

    @property
    def ytd_start(self) -> dt.date:
        return dt.date(self.year, 1, 1)

    @property
    def h1_end(self) -> dt.date:
        return min(self.end, dt.date(self.year, 6, 30))

    @property
    def year_months(self) -> int:
        return self.end.month - (self.end != last_day(self.end))

    @property
    def whole_months(self) -> int:
        """Months that lie wholly inside."""
        return sum(
            self.start <= part.start.replace(day=1) and last_day(part.end) <= self.end
            for part in self.months()
        )

    def months(self) -> Iterator[Window]:
        """The months the period touches, each cut to the period."""
        first = self.start
        while first <= self.end:
            last = min(last_day(first), self.end)
            yield Window(first, last)
            first = last + dt.timedelta(days=1)

    @property
    def month(self) -> str:
        """The month of the last day as YYYY-MM."""
        return f"{self.end:%Y-%m}"

    def values(self, split_by_month: bool) -> dict[str, object]:
        """What each window parameter stands for."""
        return {
            "period_start": self.start, "period_end": self.end, "year": self.year,
            "ytd_start": self.ytd_start, "h1_end": self.h1_end,
            "year_months": self.year_months, "months_in_cell": 1 if split_by_month else self.whole_months,
        }  # fmt: skip


def last_day(day: dt.date) -> dt.date:
    """The last day of that day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
