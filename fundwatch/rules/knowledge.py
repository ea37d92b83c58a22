"""Which knowledge points a rule can read: how many, from which source, with which load they came."""
# ruff: noqa: S608 - names of tables come from here; values are parameters

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from fundwatch.rules.header import Knowledge

#: limits that are compared as numbers: a point whose text gave none is for a person to read, no rule can judge by it
NUMBERED = ("疗程天数", "周期频次", "每日数量", "单价上限")


class Source(Protocol):
    """A warehouse, or anything else that answers a select with an Arrow table."""

    def query(self, sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None) -> pa.Table: ...


@dataclass(frozen=True)
class Loaded:
    """Points of one source that came with one load; ``first_day``: None when the source names no day (since ever)."""

    source: str | None
    batch_id: str
    points: int
    first_day: dt.date | None


def point_count(source: Source, wanted: Knowledge) -> int:
    """Points loaded, each version counted; reads the staging tables."""
    table, condition, values = _condition(wanted)
    return int(
        source.query(f"select count(*) as found from stg_{table} where {condition}", values)
        .column("found")[0]
        .as_py()
    )


def points_loaded(source: Source, wanted: Knowledge) -> list[Loaded]:
    """Points by source and load, the source with most points first; reads the lake's rows, which know their load."""
    table, condition, values = _condition(wanted)
    named = "cast(null as varchar)" if table == "kb_code" else "source"
    found = source.query(
        f"select {named} as source, _batch_id as batch_id, count(*) as points, min(efft_date) as first_day"
        f" from lake.{table} where {condition} group by all order by points desc, source, batch_id",
        values,
    )
    return [Loaded(**row) for row in found.to_pylist()]


def _condition(wanted: Knowledge) -> tuple[str, str, dict[str, Any]]:
    """(table, condition, values) of the points that the wish means."""
    if wanted.pair:
        return (
            wanted.table,
            "pair_type = $pair and ($related is null or (item_code_b is not null) = $related)",
            {"pair": wanted.pair, "related": wanted.related},
        )
    if wanted.code:
        return (
            wanted.table,
            "contains(code_type, $code) and (not $related or related_code is not null)",
            {"code": wanted.code, "related": bool(wanted.related)},
        )
    return (
        wanted.table,
        # A code beginning with X or Z is a drug's; a point matched by name may be of either.
        "limit_type = $limit and (not $numbered or limit_num > 0)"
        " and ($kind is null or match = '名称' or (left(item_code, 1) in ('X', 'Z')) = ($kind = '药品'))"
        " and ($units is null or len(list_filter($units, lambda unit: contains(coalesce(limit_unit, ''), unit))) > 0)",
        {
            "limit": wanted.limit,
            "numbered": wanted.limit in NUMBERED,
            "kind": wanted.kind,
            "units": list(wanted.unit) if wanted.unit else None,
        },
    )
