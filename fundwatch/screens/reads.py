"""The reads behind screens and exports: KPI values, lists and page queries of one version of the data.

A server puts its cache before them (``keep``); a command reads without one. Every read is told the warehouse's stamp
(KPIs: the settings' too), so that a cache neither outlives a build nor crosses from one person's sight to another's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import pyarrow as pa

from fundwatch.kpi import KpiValue, data_through, evaluate, rows
from fundwatch.quality import TableState, table_states
from fundwatch.screens.sources import with_reasons
from fundwatch.settings import Settings
from fundwatch.steps import page_sql
from fundwatch.warehouse import Warehouse


class Reading(Protocol):
    """What a read needs: a page, an export's question, or the two by themselves."""

    @property
    def warehouse(self) -> Warehouse: ...

    @property
    def settings(self) -> Settings: ...


class PersonReading(Reading, Protocol):
    """A reading on behalf of a person, who may not see every column."""

    @property
    def hidden_columns(self) -> frozenset[str]: ...


def page_query(reading: Reading, name: str, **values: Any) -> pa.Table:
    """The result of ``queries/pages/<name>.sql``; ``values`` fill its ``$names``."""
    return _reads["query"](reading.warehouse, reading.warehouse.stamp, name, values)


def loaded_tables(reading: Reading) -> list[TableState]:
    """Every contract table as it is in this version."""
    counting = reading.warehouse.counting
    return _reads["tables"](counting, counting.stamp)


def kpi_values(
    reading: Reading,
    kpis: Sequence[str],
    start: dt.date,
    end: dt.date,
    *,
    by: str | None = None,
    filters: Mapping[str, Sequence[str | None]] | None = None,
) -> list[KpiValue]:
    """``fundwatch.kpi.evaluate``; a KPI without any data behind it has a reason instead of a 0."""
    wanted = {name: list(chosen) for name, chosen in (filters or {}).items()}
    found = _reads["values"](
        *_counted(reading), ids=tuple(kpis), start=start, end=end, by=by, filters=wanted
    )  # fmt: skip
    return with_reasons(found, loaded_tables(reading))


def days_through(reading: Reading, kpis: Sequence[str] | None = None) -> dict[str, dt.date | None]:
    """The data-through date of each KPI (default: all), for the default period and the freshness line.

    Never later than the newest day on which something happened: a planned inspection or a due day of next month is no data yet.
    """
    found = _reads["through"](*_counted(reading), None if kpis is None else tuple(kpis))
    newest = newest_data(reading)
    return found if newest is None else {kpi: day and min(day, newest) for kpi, day in found.items()}


def newest_data(reading: Reading) -> dt.date | None:
    """The newest day of the data: every screen's default period ends there, so that a drill-down keeps it."""
    loaded = reading.warehouse.meta.get("load_date")
    if not loaded:
        return None
    day = dt.date.fromisoformat(loaded[:10])
    return page_query(reading, "newest_day", load_date=day).to_pylist()[0]["newest_day"]


def kpi_rows(
    reading: PersonReading,
    kpi: str,
    start: dt.date,
    end: dt.date,
    *,
    key: Mapping[str, str | None] | None = None,
    filters: Mapping[str, Sequence[str | None]] | None = None,
) -> pa.Table:
    """``fundwatch.kpi.rows`` without the columns that this person's roles do not see."""
    wanted = {name: list(chosen) for name, chosen in (filters or {}).items()}
    table = _reads["rows"](
        *_source(reading), kpi=kpi, start=start, end=end, key=dict(key or {}), filters=wanted
    )  # fmt: skip
    return table.drop_columns([name for name in table.column_names if name in reading.hidden_columns])


def keep(cache: Callable[[str, Callable[..., Any]], Callable[..., Any]]) -> None:
    """Put a cache before every read; ``cache`` gets the read's name and the read, and gives what is called instead."""
    for name, read in READS.items():
        _reads[name] = cache(name, read)


@contextmanager
def remembering() -> Iterator[None]:
    """Within it a command asks each question once: the parts of a workbook share their numbers."""
    before, held = dict(_reads), {}

    def cached(name: str, read: Callable[..., Any]) -> Callable[..., Any]:
        def remembered(*given: Any, **named: Any) -> Any:
            # their versions stand beside warehouse and settings
            asked = [one for one in given if not isinstance(one, Warehouse | Settings)]
            key = repr((name, asked, sorted(named.items())))
            if key not in held:
                held[key] = read(*given, **named)
            return held[key]

        return remembered

    keep(cached)
    try:
        yield
    finally:
        _reads.update(before)


def _source(reading: Reading) -> tuple[Warehouse, Settings, tuple[str, str]]:
    return reading.warehouse, reading.settings, (reading.warehouse.stamp, reading.settings.version)


def _counted(reading: Reading) -> tuple[Warehouse, Settings, tuple[str, str]]:
    """For sums, which hold no value of a person: counted on the same rows with nothing masked, and kept for all who see them."""
    counting = reading.warehouse.counting
    return counting, reading.settings, (counting.stamp, reading.settings.version)


# Names that begin with _ are not part of a cache's key: the stamp of version and sight beside them stands for them.


def _tables(_warehouse: Warehouse, version: str) -> list[TableState]:
    return table_states(_warehouse)


def _query(_warehouse: Warehouse, version: str, name: str, values: dict[str, Any]) -> pa.Table:
    return _warehouse.query(page_sql(name), values)


def _through(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], ids: tuple[str, ...] | None
) -> dict[str, dt.date | None]:
    return data_through(_warehouse, _settings, ids)


def _values(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], *, ids: tuple[str, ...],
    start: dt.date, end: dt.date, by: str | None, filters: dict[str, list[str | None]],
) -> list[KpiValue]:  # fmt: skip
    return evaluate(_warehouse, _settings, ids, start, end, by, filters)


def _rows(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], *, kpi: str,
    start: dt.date, end: dt.date, key: dict[str, str | None], filters: dict[str, list[str | None]],
) -> pa.Table:  # fmt: skip
    return rows(_warehouse, _settings, kpi, start, end, key, filters)


READS: Mapping[str, Callable[..., Any]] = {
    "tables": _tables, "query": _query, "through": _through, "values": _values, "rows": _rows,
}  # fmt: skip
_reads: dict[str, Callable[..., Any]] = dict(READS)
