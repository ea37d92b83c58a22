"""The list behind a number as a screen holds it: the rows themselves, or for long lists what reads a page of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.kpi import Look, Only, Totals, batches, rows, totals
from fundwatch.settings import Settings
from fundwatch.ui.query import ENTRIES, LIST_ENTRIES, TTL, kpi_rows
from fundwatch.ui.shell import Page
from fundwatch.warehouse import Warehouse

#: longer lists are read a page at a time; shorter ones are sent whole, and searched without asking again
WHOLE_ROWS = 20_000


@dataclass(frozen=True)
class Question:
    """Which list: KPI, period, cell and filters as the engine takes them."""

    kpi: str
    start: dt.date
    end: dt.date
    key: Mapping[str, str | None]
    filters: Mapping[str, Sequence[str | None]]

    @property
    def asked(self) -> dict[str, Any]:
        """As arguments that a cache can tell apart."""
        filters = {name: list(wanted) for name, wanted in self.filters.items()}
        return {
            "kpi": self.kpi,
            "start": self.start,
            "end": self.end,
            "key": dict(self.key),
            "filters": filters,
        }


@dataclass(frozen=True)
class LongList:
    """A list too long to hold. It has of a table what lists and exports need: names, types, number of rows, pieces; ``totals`` are
    those of all rows, also where ``only`` narrows what is shown."""

    page: Page
    question: Question
    totals: Totals
    only: Only | None = None

    @cached_property
    def schema(self) -> pa.Schema:
        return self.part("", (), 0, 0).schema

    @property
    def column_names(self) -> list[str]:
        return self.schema.names

    @property
    def num_rows(self) -> int:
        counts = {None: "row_cnt", "short": "short_cnt", "counted": "counted_cnt"}
        return int(getattr(self.totals, counts[self.only]))

    def narrowed(self, only: Only) -> LongList:
        """Only the rows that fall short, or that are counted."""
        return replace(self, only=only)

    def found(self, text: str, columns: Sequence[str]) -> int:
        """How many rows hold the text in one of the columns."""
        if not text.strip():
            return self.num_rows
        return _kpi_totals(
            *self._source, **self.question.asked, look=(self.only, text, tuple(columns))
        ).row_cnt

    def part(self, text: str, columns: Sequence[str], first: int, count: int) -> pa.Table:
        """``count`` rows of those from the ``first`` (0 is the first one)."""
        look = (self.only, text, tuple(columns))
        return self._seen(
            _kpi_part(*self._source, **self.question.asked, look=look, first=first, count=count)
        )

    def to_batches(self, max_chunksize: int | None = None) -> Iterator[pa.RecordBatch]:
        """All rows, for exports: never narrowed, never held together."""
        asked = self.question.asked
        for batch in batches(self.page.warehouse, self.page.settings, **asked):
            yield from self._seen(pa.table(batch)).to_batches(max_chunksize)

    @property
    def _source(self) -> tuple[Warehouse, Settings, tuple[str, str]]:
        page = self.page
        return page.warehouse, page.settings, (page.warehouse.stamp, page.settings.version)

    def _seen(self, table: pa.Table) -> pa.Table:
        return table.drop_columns([name for name in table.column_names if name in self.page.hidden_columns])


Listed = pa.Table | LongList


def kpi_list(page: Page, question: Question) -> Listed:
    """The list behind a number: whole, or as a ``LongList`` where it is long."""
    source = (page.warehouse, page.settings, (page.warehouse.stamp, page.settings.version))
    found = _kpi_totals(*source, **question.asked, look=(None, "", ()))
    if found.row_cnt > WHOLE_ROWS:
        return LongList(page, question, found)
    asked = question.asked
    return kpi_rows(
        page, asked["kpi"], asked["start"], asked["end"], key=asked["key"], filters=asked["filters"]
    )


def kpi_totals(page: Page, question: Question) -> Totals:
    """How many rows the list has and what they add up to, without reading them."""
    source = (page.warehouse, page.settings, (page.warehouse.stamp, page.settings.version))
    return _kpi_totals(*source, **question.asked, look=(None, "", ()))


_Asked = tuple[Only | None, str, tuple[str, ...]]


@st.cache_data(ttl=TTL, max_entries=ENTRIES, show_spinner=False)
def _kpi_totals(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], *, kpi: str, start: dt.date, end: dt.date,
    key: dict[str, str | None], filters: dict[str, list[str | None]], look: _Asked,
) -> Totals:  # fmt: skip
    return totals(_warehouse, _settings, kpi, start, end, key, filters, look=Look(*look))


@st.cache_data(ttl=TTL, max_entries=4 * LIST_ENTRIES, show_spinner=False)
def _kpi_part(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], *, kpi: str, start: dt.date, end: dt.date,
    key: dict[str, str | None], filters: dict[str, list[str | None]], look: _Asked, first: int, count: int,
) -> pa.Table:  # fmt: skip
    return rows(
        _warehouse, _settings, kpi, start, end, key, filters, look=Look(*look), limit=count, offset=first
    )
