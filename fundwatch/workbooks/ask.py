"""What a workbook is asked for: one version, a period, filters, the columns a person may not see; and its reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pyarrow as pa

from fundwatch.clock import china_today
from fundwatch.home import Home
from fundwatch.kpi import KpiValue
from fundwatch.kpi.declaration import COUNTY
from fundwatch.quality import TableState
from fundwatch.screens import reads
from fundwatch.screens.filters import DIMENSIONS, Filters
from fundwatch.screens.period import Period
from fundwatch.screens.series import MONTHS_DRAWN, Months, whole_months
from fundwatch.screens.sources import NO_ROWS_AT_ALL, NOT_LOADED
from fundwatch.settings import Settings
from fundwatch.warehouse import Warehouse


@dataclass(frozen=True)
class Ask:
    """A question of a person or a schedule. ``choices``: what else the address of a screen names (``kpi``, ``code``)."""

    home: Home
    warehouse: Warehouse
    settings: Settings
    period: Period
    filters: Filters = field(default_factory=lambda: Filters({}, {}))
    hidden_columns: frozenset[str] = frozenset()
    choices: Mapping[str, str] = field(default_factory=dict)
    today: dt.date = field(default_factory=china_today)

    def values(
        self, kpis: Sequence[str], by: str | None = None, period: Period | Months | None = None
    ) -> list[KpiValue]:
        """The KPIs in the period asked (or another one) under the filters."""
        span = period or self.period
        return reads.kpi_values(
            self, tuple(kpis), span.start, span.end, by=by, filters=self.filters.for_kpi
        )  # fmt: skip

    def by_kpi(self, kpis: Sequence[str]) -> dict[str, KpiValue]:
        """Whole values by KPI id."""
        return {value.kpi: value for value in self.values(kpis)}

    def listed(self, kpi: str) -> pa.Table:
        """The list behind a KPI, without the columns this person does not see."""
        return reads.kpi_rows(self, kpi, self.period.start, self.period.end, filters=self.filters.for_kpi)

    def query(self, name: str, **values: Any) -> pa.Table:
        """A page query."""
        return reads.page_query(self, name, **values)

    def of_period(self, name: str, *dimensions: str, **values: Any) -> pa.Table:
        """A page query over ``$first_day`` to ``$last_day``, cut to the filters of these dimensions."""
        days = {"first_day": self.period.start, "last_day": self.period.end}
        return self.query(name, **days, **self.lists(dimensions), **values)

    def lists(self, dimensions: Sequence[str]) -> dict[str, list[str] | None]:
        """The filters as page queries take them: a list, or None for all."""
        return {
            name: list(self.filters.chosen[name]) if name in self.filters.chosen else None
            for name in dimensions
        }

    def only(self, dimensions: Sequence[str]) -> Ask:
        """The same with the filters that a screen's bar has; the others do not act there."""
        kept = {name: codes for name, codes in self.filters.chosen.items() if name in (*dimensions, COUNTY)}
        return self.choosing(kept)

    def choosing(self, chosen: Mapping[str, tuple[str, ...]]) -> Ask:
        """The same with other filters."""
        return replace(self, filters=Filters(chosen, self.filters.options))

    @cached_property
    def newest(self) -> dt.date | None:
        """The newest day of the data."""
        return reads.newest_data(self)

    @cached_property
    def states(self) -> dict[str, TableState]:
        """Every contract table as it is in this version."""
        return {state.table: state for state in reads.loaded_tables(self)}

    @cached_property
    def loaded_on(self) -> dt.date:
        """The day of the last load."""
        return dt.date.fromisoformat(self.warehouse.meta["load_date"][:10])

    def missing(self, table: str) -> str:
        """Why a table gives nothing; an empty string when it has rows."""
        state = self.states[table]
        if not state.is_loaded:
            return f"{NOT_LOADED}:“{state.title}”表从未载入。"
        return "" if state.rows else f"{NO_ROWS_AT_ALL}:“{state.title}”表没有可用的记录。"

    def months(self, count: int = MONTHS_DRAWN) -> Months:
        """The last whole months up to the period's end, as the screens draw them."""
        return whole_months(self.period.end, self.newest or self.period.end, self.loaded_on).last(count)

    @cached_property
    def institution_names(self) -> dict[str, str]:
        """Code → name."""
        rows = self.query("kpi_institution_names").to_pylist()
        return {row["fixmedins_code"]: row["fixmedins_name"] for row in rows}

    def words(self, dimension: str) -> Mapping[str, str]:
        """Key → word of a dimension, as the filter bar names it."""
        if dimension == "fixmedins_code":
            return self.institution_names
        return self.filters.options.get(dimension, {})


__all__ = ["DIMENSIONS", "Ask"]
