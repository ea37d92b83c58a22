"""The reads behind 监管总览: values, the same days a year before, months, and the rows made of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from fundwatch.kpi import KpiValue, declarations
from fundwatch.screens.filters import Filters
from fundwatch.screens.overview import Line, insutype_of, line_of
from fundwatch.screens.period import Period
from fundwatch.screens.reads import Reading, kpi_values, loaded_tables
from fundwatch.screens.rebase import rebases
from fundwatch.screens.series import MONTHS_DRAWN, Months, on_course, series_of, whole_months
from fundwatch.screens.sources import dated_table, first_day, missing_reason

#: a ledger whose first row is later than this many days into last year's period does not hold all of it
LEDGER_STARTS_WITHIN_DAYS = 31
Key = tuple[str, str | None]


def overview_lines(page: Reading, period: Period, filters: Filters, newest: dt.date) -> list[Line]:
    """One row per KPI, for funds per insurance type, in declared order."""
    known = declarations()
    before = period.year_before()
    now = _by_key(kpi_values(page, list(known), period.start, period.end, filters=filters.for_kpi))
    year_ago = _by_key(kpi_values(page, list(known), before.start, before.end, filters=filters.for_kpi))
    months = whole_months(period.end, newest, loaded_on(page))
    series = month_values(page, list(known), months, filters)
    states = {state.table: state for state in loaded_tables(page)}
    settings = page.settings.now()
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
                rebase=rebases(settings, kpi.id),
                known_to=newest,
            )
            lines.append(
                line_of(
                    kpi,
                    number,
                    own,
                    last_year=_comparable(year_ago.get(key), first, before),
                    course=on_course(kpi, number, own, steps_of(series.get(key, []))) if number else "",
                    ignored=filters.ignored_by(kpi),
                    missing="" if number else missing_reason(kpi, states),
                )
            )
    return lines


def month_values(
    page: Reading, kpis: Sequence[str], months: Months, filters: Filters
) -> Mapping[Key, list[KpiValue]]:
    """Values by month: all whole months where they are judged, the last twelve where each month is evaluated anew."""
    known = declarations()
    drawn = months.last(MONTHS_DRAWN)
    found: dict[Key, list[KpiValue]] = defaultdict(list)
    for split, span in (("rows", months), ("restate", drawn)):
        ids = [kpi for kpi in kpis if known[kpi].month_split == split]
        if ids:
            for number in kpi_values(page, ids, span.start, span.end, by="month", filters=filters.for_kpi):
                found[number.kpi, insutype_of(number)].append(number)
    return found


def steps_of(numbers: Sequence[KpiValue]) -> dict[str, Decimal]:
    """Month → numerator, of values split by month."""
    return {str(number.key)[-7:]: number.numerator for number in numbers}


def loaded_on(page: Reading) -> dt.date:
    """The day of the last load."""
    return dt.date.fromisoformat(page.warehouse.meta["load_date"][:10])


def _by_key(numbers: Sequence[KpiValue]) -> dict[Key, KpiValue]:
    return {(number.kpi, insutype_of(number)): number for number in numbers}


def _comparable(number: KpiValue | None, first: dt.date | None, period: Period) -> KpiValue | None:
    """Last year's value, unless the KPI's table begins inside last year's period: half a year is no base."""
    if first is not None and (first - period.start).days > LEDGER_STARTS_WITHIN_DAYS:
        return None
    return number
