"""Days, months and types that the plain recomputation shares; nothing of the engine."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Data = Mapping[str, list[dict[str, Any]]]
Item = dict[str, Any]
Items = Callable[[Data, dt.date, dt.date], list[Item]]


def split(items: Iterable[Item], key: Callable[[Item], str | None]) -> dict[str | None, list[Item]]:
    cells: dict[str | None, list[Item]] = defaultdict(list)
    for item in items:
        cells[key(item)].append(item)
    return cells


def months(start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    found, day = [], start
    while day <= end:
        last = min(month_end(day), end)
        found.append((day, last))
        day = last + dt.timedelta(days=1)
    return found


def month_end(day: dt.date) -> dt.date:
    return dt.date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])


def first_of(month: str) -> dt.date:
    return dt.date(int(month[:4]), int(month[5:]), 1)


def whole_months(start: dt.date, end: dt.date) -> list[str]:
    return [
        f"{first:%Y-%m}" for first, last in months(start, end) if first.day == 1 and last == month_end(last)
    ]


def inside(day: dt.date | None, start: dt.date, end: dt.date) -> bool:
    return day is not None and start <= day <= end


def new_year(end: dt.date) -> dt.date:
    return dt.date(end.year, 1, 1)


def money(value: Decimal | None) -> Decimal:
    return Decimal(0) if value is None else value
