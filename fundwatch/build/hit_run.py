"""Rules at work in a build: the shared steps as tables, then each rule's hit lines."""

# ruff: noqa: S608 - names come from checked rule files and this package, values are parameters

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from fundwatch.build.checks import month_filter
from fundwatch.build.hit_months import Months
from fundwatch.build.hit_texts import month_end, month_params, params_hash
from fundwatch.build.sources import first_line, literal
from fundwatch.errors import UserError
from fundwatch.rules.compose import lines_of_steps_sql, lines_sql, step_sql, steps_read
from fundwatch.rules.library import Rule
from fundwatch.rules.run import Values

LINE_COLUMNS = """
    setl_id varchar, mdtrt_id varchar, fixmedins_code varchar, psn_no varchar, hit_date date, line_id varchar,
    line_amt decimal(16, 2), found_text varchar, found_num decimal(18, 4), limit_text varchar, limit_num decimal(18, 4),
    related_id varchar"""
#: hit lines of the rules that ran in this build
NEW_LINES = f"""
create or replace temp table new_hit_line (
    rule_id varchar, version varchar, params_hash varchar, level varchar, line_of varchar, ym varchar, {LINE_COLUMNS}
)"""
Stretch = tuple[str, str, dict[str, Any]]


@contextmanager
def steps(
    connection: duckdb.DuckDBPyConnection, file: Path, rules: Iterable[Rule], months: Months | None
) -> Iterator[None]:
    """The row-level steps that the rules read as tables of a scratch file beside ``file``: made once, not once per rule.

    ``months`` limits them to settlements of these months. The scratch file is named like the file being built, so that a
    build that dies leaves nothing behind.
    """
    scratch = file.with_name(file.name + ".steps")
    scratch.unlink(missing_ok=True)
    connection.execute(f"attach {literal(str(scratch))} as steps")
    names = steps_read(rules)
    try:
        for name in names:
            _make_step(connection, name, months if name == "base_settlement" else None)
        yield
    finally:
        for name in names:
            connection.execute(f'drop view if exists temp.main."{name}"')
        connection.execute("detach steps")
        scratch.unlink(missing_ok=True)


def _make_step(connection: duckdb.DuckDBPyConnection, name: str, months: Months | None) -> None:
    where, values = month_filter(None if months is None else sorted(months))
    select = f"select * from (\n{step_sql(name)}\n) {where.replace('where ym', 'where setl_ym')}"
    try:
        connection.execute(f'create table steps.main."{name}" as {select}', values)
    except duckdb.Error as error:
        raise UserError(f"规则的公共步骤 {name} 执行失败:{first_line(error)}") from error
    connection.execute(f'create temp view "{name}" as select * from steps.main."{name}"')


def run_rule(
    connection: duckdb.DuckDBPyConnection, rule: Rule, months: Months, values: Values, *, from_lake: bool
) -> None:
    """Add the rule's hit lines of these settlement months to ``new_hit_line``; raises UserError naming the rule.

    ``from_lake``: read all claims there are instead of the steps made ready.
    """
    select = lines_sql(rule) if from_lake else lines_of_steps_sql(rule)
    for first, last, params in stretches(rule, sorted(months), values):
        period = {"period_start": dt.date.fromisoformat(f"{first}-01"), "period_end": month_end(last)}
        fixed = (rule.rule_id, rule.version, params_hash(params), rule.header.level, rule.header.lines)
        try:
            connection.execute(
                f"insert into new_hit_line by position select {', '.join(map(literal, fixed))}, "
                f"substring(cast(hit_date as varchar), 1, 7), * from (\n{select}\n)",
                {**params, **period},
            )
        except duckdb.Error as error:
            raise UserError(
                f"规则 {rule.rule_id} {rule.header.title} 执行失败:{first_line(error)}"
            ) from error


def stretches(rule: Rule, months: list[str], values: Values) -> list[Stretch]:
    """(first month, last month, parameters): months that follow each other and have equal parameters run as one."""
    found: list[Stretch] = []
    for month in months:
        params = month_params(rule, values, month)
        if found and found[-1][2] == params and _next_month(found[-1][1]) == month:
            found[-1] = (found[-1][0], month, params)
        else:
            found.append((month, month, params))
    return found


def _next_month(month: str) -> str:
    return f"{month_end(month) + dt.timedelta(days=1):%Y-%m}"
