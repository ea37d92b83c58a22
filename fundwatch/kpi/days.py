"""Sums by day of the KPIs with ``by_day``: what the build makes of them, and when a number may be read from them.

The table ``day_<kpi>`` is the declaration's own list, summed (``writer.day_sql``). It is read only in a version that was built with
the same text and the same parameters; else the number comes from the rows, and is the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fundwatch.home import QUERIES
from fundwatch.kpi.day_writer import day_keys, day_months, day_sql, day_table
from fundwatch.kpi.declaration import Kpi, declarations, parameter_names, read_declaration
from fundwatch.settings import Values

#: key of the serving file's ``_meta``: {table: fingerprint of its text}, of these tables and of the marts that a ``number`` reads
META = "day_tables"
MART = re.compile(r"\bfct_[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class DayTable:
    """One table to build: its key (``nullable`` columns of it may be empty) and the input whose months are its own, if any."""

    name: str
    grain: str
    key: tuple[str, ...]
    nullable: tuple[str, ...]
    months_of: str | None
    sql: str


def day_tables(queries: Path = QUERIES) -> list[DayTable]:
    """The tables of all declarations with ``by_day`` below ``queries/kpis``; raises UserError for a faulty declaration."""
    if queries == QUERIES:
        found = declarations()
    else:
        paths = sorted((queries / "kpis").glob("*.yaml"))
        found = {path.stem: read_declaration(path) for path in paths}
    return [_day_table(kpi) for kpi in found.values() if kpi.by_day]


def fingerprint(sql: str) -> str:
    """What a serving file keeps of a table's text."""
    return hashlib.sha256(sql.encode()).hexdigest()


def is_summed(kpi: Kpi, meta: Mapping[str, str], values: Values, on: dt.date) -> bool:
    """Whether the version with this ``_meta`` holds the KPI's sums, made with its text and with the parameters in effect ``on``."""
    if not kpi.by_day:
        return False
    sql = day_sql(kpi)
    if json.loads(meta.get(META) or "{}").get(day_table(kpi)) != fingerprint(sql):
        return False
    made_with = json.loads(meta.get("parameters") or "{}")
    return all(made_with.get(name) == _text(values.get(name, on)) for name in parameter_names(sql))


def counted_marts(kpi: Kpi) -> frozenset[str]:
    """The marts that the declaration's ``number`` reads; none where it has none."""
    texts = kpi.number.sql_texts() if kpi.number else []
    return frozenset(name for text in texts for name in MART.findall(text))


def is_counted(kpi: Kpi, meta: Mapping[str, str]) -> bool:
    """Whether the version with this ``_meta`` holds the sums that the declaration's ``number`` reads."""
    return kpi.number is not None and counted_marts(kpi) <= json.loads(meta.get(META) or "{}").keys()


def _day_table(kpi: Kpi) -> DayTable:
    key = tuple(day_keys(kpi))
    return DayTable(
        name=day_table(kpi),
        grain=f"one row per {', '.join(key)} of the list of {kpi.id}",
        key=key,
        nullable=tuple(name for name in key if name not in ("ym", "cal_date")),
        months_of=day_months(kpi),
        sql=day_sql(kpi),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
