"""One question put to a version: what is asked of it, and the values of the names in its SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from fundwatch.access import EVERYTHING, Sight
from fundwatch.errors import UsageError
from fundwatch.kpi.declaration import COUNTY, Kpi, declarations, parameter_names
from fundwatch.kpi.window import Window
from fundwatch.kpi.writer import FILTER
from fundwatch.settings import Values

Filters = Mapping[str, Sequence[str | None]]


class Source(Protocol):
    """What a warehouse gives: ``meta`` of the serving file, ``query``, and ``once`` for what is the same for all questions."""

    @property
    def meta(self) -> Mapping[str, str]: ...

    def query(self, sql: str, params: dict[str, Any]) -> pa.Table: ...

    def once(self, what: Hashable, make: Callable[[], Any]) -> Any: ...


class Streaming(Source, Protocol):
    """A warehouse that also gives a result piece by piece."""

    def batches(self, sql: str, params: dict[str, Any]) -> Iterator[pa.RecordBatch]: ...


@dataclass(frozen=True)
class Call:
    """One question: the version asked, the settings as they stand, the period, the filters."""

    warehouse: Source
    values: Values
    window: Window
    filters: Filters

    @property
    def is_by_town(self) -> bool:
        """Whether only the rows of one town are asked."""
        return bool(self._sight.town)

    @property
    def county(self) -> str | None:
        """The one county whose rows are asked, if the reader sees no other."""
        return self._sight.county

    @property
    def _sight(self) -> Sight:
        sight: Sight = getattr(self.warehouse, "sight", EVERYTHING)
        return sight

    @property
    def load_date(self) -> dt.date | None:
        return date_of(self.warehouse.meta.get("load_date"))

    @property
    def first_data(self) -> dt.date | None:
        return date_of(self.warehouse.meta.get("first_data"))

    def filters_of(self, kpi: Kpi) -> dict[str, list[str | None]]:
        """The filters the KPI has a dimension for; who sees one county asks for that one only."""
        wanted = {name: list(values) for name, values in self.filters.items() if name in kpi.filterable}
        if self.county and COUNTY in kpi.filterable:
            wanted[COUNTY] = [self.county] if self.county in wanted.get(COUNTY, [self.county]) else []
        return wanted

    def lacks_county(self, kpi: Kpi) -> bool:
        """Whether counties are asked of a KPI whose rows have none: any number would be that of all counties."""
        return bool(self.county or COUNTY in self.filters) and COUNTY not in kpi.filterable

    def parameters(
        self,
        sql: str,
        kpi: Kpi,
        window: Window,
        filters: Filters,
        *,
        by_month: bool = False,
        more: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Values for exactly the ``$names`` in the text: DuckDB refuses missing and surplus ones."""
        values: dict[str, Any] = {**window.values(by_month), "load_date": self.load_date, **(more or {})}
        values |= {name: self.values.get(name, window.end) for name in kpi.parameters}
        for name, wanted in filters.items():
            values[FILTER + name] = [value for value in wanted if value is not None]
            values[f"{FILTER}{name}_blank"] = None in wanted
        return {name: values[name] for name in parameter_names(sql)}


def chosen_kpis(kpis: Iterable[str] | None) -> list[Kpi]:
    """The declarations named (None: all), in the order asked for; raises UsageError for an unknown one."""
    known = declarations()
    wanted = list(known) if kpis is None else list(kpis)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UsageError(f"没有指标 {', '.join(unknown)}。可用的指标:{', '.join(known)}。")
    return [known[name] for name in wanted]


def window_of(start: dt.date, end: dt.date) -> Window:
    """The period; raises UsageError when it ends before it begins."""
    if start > end:
        raise UsageError(f"期间起始日 {start} 晚于结束日 {end}。")
    return Window(start, end)


def month_window(window: Window, month: str) -> Window:
    """The days of a month that lie in the period; raises UsageError when there are none."""
    for part in window.months():
        if part.month == month:
            return part
    raise UsageError(f"月份 {month} 不在期间 {window.start} 至 {window.end} 内(写法:2024-06)。")


def date_of(text: str | None) -> dt.date | None:
    """The day of a date or time as text."""
    return dt.date.fromisoformat(str(text)[:10]) if text else None
