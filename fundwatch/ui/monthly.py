"""One KPI by month on a screen: the reads behind its control chart, for the county, a level or one institution."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from fundwatch.kpi import Kpi, KpiValue
from fundwatch.kpi.window import last_day
from fundwatch.screens.control import MONTHS_SHOWN, ControlView, Event, control_view
from fundwatch.screens.overview import insutype_of, insutype_words
from fundwatch.screens.rebase import rebases
from fundwatch.screens.series import MONTHS_DRAWN, Months, series_of, whole_months
from fundwatch.screens.sources import dated_table, first_day
from fundwatch.ui.lines import loaded_on
from fundwatch.ui.query import kpi_values, loaded_tables, page_query
from fundwatch.ui.shell import Page

Chosen = Mapping[str, Sequence[str | None]]


def control_views(
    page: Page, kpi: Kpi, end: dt.date, newest: dt.date, filters: Chosen, *, label: str = ""
) -> list[ControlView]:
    """The control charts of a KPI up to ``end``: one, or one per insurance type where they are never added.

    Empty where the KPI is not split by month or has no monthly value. ``filters`` as ``kpi_values`` takes them.
    """
    if kpi.month_split is None:
        return []
    months = whole_months(end, newest, loaded_on(page))
    span = months.last(MONTHS_DRAWN) if kpi.month_split == "restate" else months
    found: dict[str | None, list[KpiValue]] = defaultdict(list)
    for number in kpi_values(page, [kpi.id], span.start, span.end, by="month", filters=filters):
        found[insutype_of(number)].append(number)
    targets = {
        insutype_of(number): number.target
        for number in kpi_values(page, [kpi.id], span.start, min(end, newest), filters=filters)
    }
    states = {state.table: state for state in loaded_tables(page)}
    unfinished = _unfinished(page, kpi, months, min(end, newest), filters)
    events = _events(page, span)
    anew = rebases(page.settings.now(), kpi.id)
    views = []
    for insutype in sorted(found, key=lambda code: code or ""):
        series = series_of(
            kpi,
            found[insutype],
            months,
            first=first_day(kpi, states),
            target=targets.get(insutype),
            monthly=states[dated_table(kpi.asof.source)].is_monthly,
            rebase=anew,
            known_to=newest,
        )
        name = label or (f"{kpi.label}·{insutype_words(insutype)}" if insutype else kpi.label)
        views.append(
            control_view(
                kpi,
                series,
                target=targets.get(insutype),
                events=events,
                partial=unfinished.get(insutype),
                label=name,
            )
        )
    return views


def _unfinished(
    page: Page, kpi: Kpi, months: Months, end: dt.date, filters: Chosen
) -> dict[str | None, tuple[str, Decimal | None]]:
    """The month after the whole ones as far as the data go, per insurance type; none for KPIs evaluated anew each month."""
    start = months.end + dt.timedelta(days=1)
    if kpi.month_split != "rows" or start > end:
        return {}
    until = min(end, last_day(start))
    numbers = kpi_values(page, [kpi.id], start, until, by="month", filters=filters)
    return {insutype_of(number): (f"{start:%Y-%m}", number.value) for number in numbers}


def _events(page: Page, span: Months) -> list[Event]:
    shown = span.last(MONTHS_SHOWN)
    rows = page_query(page, "fund_events", first_day=shown.start, last_day=shown.end).to_pylist()
    return [Event(f"{row['event_date']:%Y-%m}", str(row["title"])) for row in rows]
