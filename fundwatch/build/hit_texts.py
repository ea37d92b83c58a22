"""What decides a rule's hits besides claims, as short hashes: texts, parameter values, the small lists that it reads."""

# ruff: noqa: S608 - names come from contracts and rule files

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import duckdb
from sqlglot import exp

from fundwatch.build.hit_changes import LINKS
from fundwatch.home import QUERIES
from fundwatch.rules.compose import base_models, tables_read
from fundwatch.rules.library import Rule
from fundwatch.rules.run import Values

#: follows the months of the fee lines: a new item stands in new lines only
FOLLOWS_CLAIMS = frozenset({"dim_fee_item", *(f"stg_{table}" for table in LINKS)})
SHORT = 12


def text_hash(sql: str) -> str:
    """A hash of a rule's text with the shared steps before and after it."""
    return _hash(sql + _shared())


def rule_texts() -> dict[str, str]:
    """Text hash of every rule file by rule id, without parsing any."""
    paths = sorted((QUERIES / "rules").glob("*.sql"))
    return {path.stem.partition("_")[0]: text_hash(path.read_text(encoding="utf-8")) for path in paths}


@lru_cache(maxsize=1)
def _shared() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((QUERIES / "base").glob("*.sql")))


def month_end(month: str) -> dt.date:
    """Last day of a month written YYYY-MM."""
    year, number = int(month[:4]), int(month[5:])
    return dt.date(year, number, calendar.monthrange(year, number)[1])


def month_params(rule: Rule, values: Values, month: str) -> dict[str, Any]:
    """The rule's parameters as in force on the last day of a month."""
    return {name: values.get(rule.setting_key(name), month_end(month)) for name in rule.header.params}


def params_text(params: Mapping[str, Any]) -> str:
    """Parameters as JSON text, in the order of their names; decimals as strings."""
    return json.dumps({name: str(params[name]) for name in sorted(params)}, ensure_ascii=False)


def params_hash(params: Mapping[str, Any]) -> str:
    """A short hash of parameter values; equal values give an equal hash."""
    return _hash(params_text(params))


def inputs_hash(connection: duckdb.DuckDBPyConnection, rule: Rule) -> str:
    """A hash of the content of what the rule reads besides claims: knowledge, agreements, institutions, categories.

    Only columns whose names the rule or its steps mention count, so that a new telephone number runs nothing again.
    """
    mentioned = _columns(rule)
    parts = [
        f"{table}={_content(connection, table, mentioned)}"
        for table in sorted(tables_read(rule) - FOLLOWS_CLAIMS)
    ]
    return _hash("\n".join(parts))


def _columns(rule: Rule) -> frozenset[str]:
    return _mentioned(rule.tree) | _of_steps()


@lru_cache(maxsize=1)
def _of_steps() -> frozenset[str]:
    return frozenset().union(*(_mentioned(model.tree) for model in base_models().values()))


def _mentioned(tree: exp.Query) -> frozenset[str]:
    return frozenset(column.name for column in tree.find_all(exp.Column))


def _content(connection: duckdb.DuckDBPyConnection, table: str, mentioned: frozenset[str]) -> str:
    known = [name for name, *_ in connection.execute(f'describe select * from "{table}"').fetchall()]
    columns = ", ".join(f'"{name}"' for name in known if name in mentioned)
    found = connection.execute(
        f'select count(*), sum(cast(hash(row({columns})) as hugeint)) from "{table}"'
    ).fetchone()
    return f"{columns} {found}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT]
