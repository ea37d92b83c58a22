"""The reads of ``fundwatch.screens.reads`` behind Streamlit's cache.

None outlives a build or crosses from one sight to another: the warehouse's stamp is in every key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.clock import china_today
from fundwatch.screens.reads import (
    days_through,
    keep,
    kpi_rows,
    kpi_values,
    loaded_tables,
    newest_data,
    page_query,
)
from fundwatch.settings import Settings
from fundwatch.ui.shell import Page
from fundwatch.warehouse import Warehouse

__all__ = [
    "ENTRIES", "LIST_ENTRIES", "TTL", "Reach", "Reads", "days_through", "kpi_rows", "kpi_values", "loaded_tables",
    "newest_data", "page_query", "reach", "read_query",
]  # fmt: skip
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


def read_query(warehouse: Warehouse, name: str, **values: Any) -> pa.Table:
    """A page query that needs no settings."""
    return page_query(_Read(warehouse), name, **values)


@dataclass(frozen=True)
class _Read:
    warehouse: Warehouse

    @property
    def settings(self) -> Settings:
        raise LookupError("a read of one query has no settings")


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


def _cached(name: str, read: Callable[..., Any]) -> Callable[..., Any]:
    entries = LIST_ENTRIES if name == "rows" else ENTRIES
    return st.cache_data(ttl=TTL, max_entries=entries, show_spinner=False)(read)


keep(_cached)
