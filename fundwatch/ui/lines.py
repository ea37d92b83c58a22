"""The reads behind 监管总览, through the screens' caches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fundwatch.kpi import KpiValue
from fundwatch.screens.filters import Filters
from fundwatch.screens.loop import Ground, Numbers, loop_lines
from fundwatch.screens.overview import Line
from fundwatch.screens.period import Period
from fundwatch.screens.reads import Reading, kpi_values, loaded_tables


def overview_lines(page: Reading, period: Period, filters: Filters, newest: dt.date) -> list[Line]:
    """One row per KPI, for funds per insurance type, in declared order."""
    ground = Ground(_cached(page, filters), loaded_tables(page), page.settings.now(), loaded_on(page), newest)
    return loop_lines(ground, period, filters.ignored_by)


def loaded_on(page: Reading) -> dt.date:
    """The day of the last load."""
    return dt.date.fromisoformat(page.warehouse.meta["load_date"][:10])


def _cached(page: Reading, filters: Filters) -> Numbers:
    def numbers(
        kpis: Sequence[str], start: dt.date, end: dt.date, *, by: str | None = None
    ) -> list[KpiValue]:
        return kpi_values(page, kpis, start, end, by=by, filters=filters.for_kpi)

    return numbers
