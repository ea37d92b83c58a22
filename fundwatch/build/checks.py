"""Checks that stop a publication: keys unique and not null, and equal row counts."""

# ruff: noqa: S608 - names come from contracts and checked headers, values are parameters

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from fundwatch.build.models import Model
from fundwatch.errors import UserError

#: rows named in a message; enough to find the fault, short enough to read
SHOWN = 5


class CheckError(UserError):
    """A model breaks what its header promises; the message names model and rows."""


def check(connection: duckdb.DuckDBPyConnection, model: Model, months: Sequence[str] | None = None) -> None:
    """Raise CheckError when a key is doubled or empty, or the row count differs from ``same_rows_as``.

    ``months`` limits the key check to those months (claim-scale staging: the rest was checked before).
    """
    faults = [
        *_doubled(connection, model, months),
        *_empty(connection, model, months),
        *_row_count(connection, model),
    ]
    if faults:
        raise CheckError("\n".join(f"模型 {model.name}:{fault}" for fault in faults))


def _doubled(connection: duckdb.DuckDBPyConnection, model: Model, months: Sequence[str] | None) -> list[str]:
    key = _names(model.header.key)
    where, values = month_filter(months)
    # Equal keys have equal hashes. Tens of millions of numbers fit where as many texts do not, and mostly there is nothing more to ask.
    alike = f'select hash({key}) from "{model.name}" {where} group by all having count(*) > 1'
    if not connection.execute(f"select 1 from ({alike}) limit 1", values).fetchall():
        return []
    doubled = connection.execute(
        f'select {key}, count(*) as row_cnt from "{model.name}" {where} '
        f"{'and' if where else 'where'} hash({key}) in ({alike}) group by all having count(*) > 1 order by all",
        values,
    ).fetchall()
    if not doubled:
        return []
    examples = ";".join(f"{_words(model.header.key, row)}({row[-1]} 行)" for row in doubled[:SHOWN])
    return [f"主键 {'、'.join(model.header.key)} 不唯一,{len(doubled)} 个键重复,例如 {examples}"]


def _empty(connection: duckdb.DuckDBPyConnection, model: Model, months: Sequence[str] | None) -> list[str]:
    strict = [name for name in model.header.key if name not in model.header.nullable_key]
    if not strict:
        return []
    where, values = month_filter(months)
    missing = " or ".join(f'"{name}" is null' for name in strict)
    clause = f"{where} and ({missing})" if where else f"where {missing}"
    query = f'select {_names(model.header.key)} from "{model.name}" {clause} order by all'
    rows = connection.execute(query, values).fetchall()
    if not rows:
        return []
    examples = ";".join(_words(model.header.key, row) for row in rows[:SHOWN])
    return [f"主键有空值,{len(rows)} 行,例如 {examples}"]


def _row_count(connection: duckdb.DuckDBPyConnection, model: Model) -> list[str]:
    other = model.header.same_rows_as
    if other is None:
        return []
    own, theirs = (count(connection, name) for name in (model.name, other))
    return [] if own == theirs else [f"行数 {own} 应与 {other} 的 {theirs} 相同"]


def count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """Rows of a model."""
    found = connection.execute(f'select count(*) from "{name}"').fetchone()
    return int(found[0]) if found else 0


def month_filter(months: Sequence[str] | None) -> tuple[str, dict[str, str]]:
    """``where ym in (…)`` and its parameters. Single ones, not a list: only these prune files by month."""
    if months is None:
        return "", {}
    values = {f"month_{number}": month for number, month in enumerate(months)}
    listed = ", ".join(f"${name}" for name in values) or "null"
    return f"where ym in ({listed})", values


def _names(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _words(key: Sequence[str], row: Sequence[object]) -> str:
    return "、".join(
        f"{name}={'空' if value is None else value}" for name, value in zip(key, row, strict=False)
    )
