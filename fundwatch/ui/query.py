"""Cached reads. Every key holds the warehouse's version (KPIs: the settings' too): none outlives a build."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.clock import china_today
from fundwatch.kpi import KpiValue, data_through, evaluate, rows
from fundwatch.quality import TableState, table_states
from fundwatch.screens.sources import with_reasons
from fundwatch.settings import Settings
from fundwatch.steps import page_sql
from fundwatch.ui.shell import Page
from fundwatch.warehouse import Warehouse

#: results are small aggregates and lists; the newest hundred of each kind stay. The version in the key keeps them right,
#: so they may stay long: the first look at 监管总览 after a build computes some 200 numbers
TTL = "4h"
ENTRIES = 100
#: lists may be long, so fewer of them stay
LIST_ENTRIES = 8


@dataclass(frozen=True)
class Reads:
    """What the cached reads need of a page; made by itself where no session runs (``fundwatch.ui.warm``)."""

    warehouse: Warehouse
    settings: Settings


def page_query(page: Page | Reads, name: str, **values: Any) -> pa.Table:
    """The result of ``queries/pages/<name>.sql``; ``values`` fill its ``$names``."""
    return _page_query(page.warehouse, page.warehouse.version, name, values)


def loaded_tables(page: Page | Reads) -> list[TableState]:
    """Every contract table as it is in this version."""
    return _loaded_tables(page.warehouse, page.warehouse.version)


def kpi_values(
    page: Page | Reads,
    kpis: Sequence[str],
    start: dt.date,
    end: dt.date,
    *,
    by: str | None = None,
    filters: Mapping[str, Sequence[str | None]] | None = None,
) -> list[KpiValue]:
    """``fundwatch.kpi.evaluate`` with a cache; a KPI without any data behind it has a reason instead of a 0."""
    wanted = {name: list(chosen) for name, chosen in (filters or {}).items()}
    keys = (page.warehouse.version, page.settings.version)
    found = _kpi_values(
        page.warehouse, page.settings, keys, ids=tuple(kpis), start=start, end=end, by=by, filters=wanted
    )
    return with_reasons(found, loaded_tables(page))


@dataclass(frozen=True)
class Reach:
    """How far the data of a screen's KPIs reach: the earliest and the latest of their data-through dates."""

    earliest: dt.date | None
    latest: dt.date | None

    def newest(self, today: dt.date) -> dt.date:
        """The day that periods end on; today where nothing dated is loaded."""
        return self.latest or today


def reach(page: Page, kpis: Sequence[str]) -> Reach:
    """The reach of these KPIs in this version; it does not depend on the period."""
    today = china_today()
    days = [value.data_through for value in kpi_values(page, kpis, today, today)]
    known = [day for day in days if day is not None]
    return Reach(min(known, default=None), max(known, default=None))


def days_through(page: Page | Reads, kpis: Sequence[str] | None = None) -> dict[str, dt.date | None]:
    """The data-through date of each KPI (default: all), for the default period and the freshness line.

    Never later than the newest day on which something happened: a planned inspection or a due day of next month is no data yet.
    """
    keys = (page.warehouse.version, page.settings.version)
    found = _days_through(page.warehouse, page.settings, keys, None if kpis is None else tuple(kpis))
    newest = newest_data(page)
    return found if newest is None else {kpi: day and min(day, newest) for kpi, day in found.items()}


def newest_data(page: Page | Reads) -> dt.date | None:
    """The newest day of the data: every screen's default period ends there, so that a drill-down keeps it."""
    loaded = page.warehouse.meta.get("load_date")
    if not loaded:
        return None
    day = dt.date.fromisoformat(loaded[:10])
    return page_query(page, "newest_day", load_date=day).to_pylist()[0]["newest_day"]


def kpi_rows(
    page: Page,
    kpi: str,
    start: dt.date,
    end: dt.date,
    *,
    key: Mapping[str, str | None] | None = None,
    filters: Mapping[str, Sequence[str | None]] | None = None,
) -> pa.Table:
    """``fundwatch.kpi.rows`` with a cache, without the columns that this person's roles do not see."""
    wanted = {name: list(chosen) for name, chosen in (filters or {}).items()}
    keys = (page.warehouse.version, page.settings.version)
    table = _kpi_rows(
        page.warehouse,
        page.settings,
        keys,
        kpi=kpi,
        start=start,
        end=end,
        key=dict(key or {}),
        filters=wanted,
    )
    return table.drop_columns([name for name in table.column_names if name in page.hidden_columns])


@st.cache_data(ttl=TTL, max_entries=ENTRIES, show_spinner=False)
def _loaded_tables(_warehouse: Warehouse, version: str) -> list[TableState]:
    return table_states(_warehouse)


@st.cache_data(ttl=TTL, max_entries=ENTRIES, show_spinner=False)
def _page_query(_warehouse: Warehouse, version: str, name: str, values: dict[str, Any]) -> pa.Table:
    return _warehouse.query(page_sql(name), values)


@st.cache_data(ttl=TTL, max_entries=ENTRIES, show_spinner=False)
def _days_through(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], ids: tuple[str, ...] | None
) -> dict[str, dt.date | None]:
    return data_through(_warehouse, _settings, ids)


@st.cache_data(ttl=TTL, max_entries=ENTRIES, show_spinner=False)
def _kpi_values(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], *, ids: tuple[str, ...],
    start: dt.date, end: dt.date, by: str | None, filters: dict[str, list[str | None]],
) -> list[KpiValue]:  # fmt: skip
    return evaluate(_warehouse, _settings, ids, start, end, by, filters)


@st.cache_data(ttl=TTL, max_entries=LIST_ENTRIES, show_spinner=False)
def _kpi_rows(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], *, kpi: str,
    start: dt.date, end: dt.date, key: dict[str, str | None], filters: dict[str, list[str | None]],
) -> pa.Table:  # fmt: skip
    return rows(_warehouse, _settings, kpi, start, end, key, filters)
