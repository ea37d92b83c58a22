"""The rows of 监管总览 from whatever answers questions about numbers: a screen's cache, or the engine over a frozen version."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from fundwatch.kpi import Kpi, KpiValue, declarations
from fundwatch.quality import TableState
from fundwatch.screens.overview import Line, insutype_of, line_of
from fundwatch.screens.period import Period
from fundwatch.screens.rebase import rebases
from fundwatch.screens.series import MONTHS_DRAWN, Months, on_course, series_of, whole_months
from fundwatch.screens.sources import dated_table, first_day, missing_reason
from fundwatch.settings import Values

#: a ledger whose first row is later than this many days into last year's period does not hold all of it
LEDGER_STARTS_WITHIN_DAYS = 31
Key = tuple[str, str | None]


class Numbers(Protocol):
    """Gives the values of KPIs in a period, whole or split; those without any data have a reason instead of a value."""

    def __call__(
        self, kpis: Sequence[str], start: dt.date, end: dt.date, *, by: str | None = None
    ) -> list[KpiValue]: ...


@dataclass(frozen=True)
class Ground:
    """What the rows stand on: numbers, tables as loaded, settings, the day of the last load and the newest day of the data."""

    numbers: Numbers
    states: Sequence[TableState]
    settings: Values
    loaded: dt.date
    newest: dt.date


def loop_lines(
    ground: Ground, period: Period, ignored: Callable[[Kpi], Sequence[str]] = lambda kpi: ()
) -> list[Line]:
    """One row per KPI, for funds per insurance type, in declared order. ``ignored``: filters that a KPI does not have."""
    known = declarations()
    before = period.year_before()
    now = _by_key(ground.numbers(list(known), period.start, period.end))
    year_ago = _by_key(ground.numbers(list(known), before.start, before.end))
    months = whole_months(period.end, ground.newest, ground.loaded)
    series = by_month(ground.numbers, list(known), months)
    states = {state.table: state for state in ground.states}
    lines = []
    for kpi in known.values():
        keys = [key for key in now if key[0] == kpi.id] or [(kpi.id, None)]
        first = first_day(kpi, states)
        for key in keys:
            number = now.get(key)
            own = series_of(
                kpi,
                series.get(key, []),
                months,
                first=first,
                target=number.target if number else None,
                monthly=states[dated_table(kpi.asof.source)].is_monthly,
                rebase=rebases(ground.settings, kpi.id),
                known_to=ground.newest,
            )
            lines.append(
                line_of(
                    kpi,
                    number,
                    own,
                    last_year=_comparable(year_ago.get(key), first, before),
                    course=on_course(kpi, number, own, steps_of(series.get(key, []))) if number else "",
                    ignored=ignored(kpi),
                    missing="" if number else missing_reason(kpi, states),
                )
            )
    return lines


def by_month(numbers: Numbers, kpis: Sequence[str], months: Months) -> Mapping[Key, list[KpiValue]]:
    """Values by month: all whole months where they are judged, the last twelve where each month is evaluated anew."""
    known = declarations()
    drawn = months.last(MONTHS_DRAWN)
    found: dict[Key, list[KpiValue]] = defaultdict(list)
    for split, span in (("rows", months), ("restate", drawn)):
        ids = [kpi for kpi in kpis if known[kpi].month_split == split]
        if ids:
            for number in numbers(ids, span.start, span.end, by="month"):
                found[number.kpi, insutype_of(number)].append(number)
    return found


def steps_of(numbers: Sequence[KpiValue]) -> dict[str, Decimal]:
    """Month → numerator, of values split by month."""
    return {str(number.key)[-7:]: number.numerator for number in numbers}


def _by_key(numbers: Sequence[KpiValue]) -> dict[Key, KpiValue]:
    return {(number.kpi, insutype_of(number)): number for number in numbers}


def _comparable(number: KpiValue | None, first: dt.date | None, period: Period) -> KpiValue | None:
    """Last year's value, unless the KPI's table begins inside last year's period: half a year is no base."""
    if first is not None and (first - period.start).days > LEDGER_STARTS_WITHIN_DAYS:
        return None
    return number
