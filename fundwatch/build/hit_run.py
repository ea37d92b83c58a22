"""Rules at work in a build: the shared steps as tables, then each rule's hit lines."""

# ruff: noqa: S608 - names come from checked rule files and this package, values are parameters

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb

from fundwatch.build.checks import month_filter
from fundwatch.build.engine import FAULTS, Engine
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
LINE_NAMES = ", ".join(re.findall(r"(\w+) (?:varchar|date|decimal)", LINE_COLUMNS))
#: hit lines of the rules that ran in this build
LINES_TABLE = "new_hit_line"
NEW_LINES = f"""
create or replace temp table {LINES_TABLE} (
    rule_id varchar, version varchar, params_hash varchar, level varchar, line_of varchar, ym varchar, {LINE_COLUMNS}
)"""
Stretch = tuple[str, str, dict[str, Any]]


@contextmanager
def steps(engine: Engine, rules: Iterable[Rule], months: Months | None) -> Iterator[None]:
    """The row-level steps that the rules read, made once, not once per rule. ``months`` limits them to settlements of these months."""
    with engine.steps():
        for name in steps_read(rules):
            where, values = month_filter(
                None if months is None or name != "base_settlement" else sorted(months)
            )
            # the first of the steps; those after it read no other settlements
            select = step_sql(name)
            if where:
                select = f"select * from (\n{select}\n) as step {where.replace('where ym', 'where setl_ym')}"
            try:
                engine.step(name, select, values)
            except FAULTS as error:
                raise UserError(f"规则的公共步骤 {name} 执行失败:{first_line(error)}") from error
        yield


def run_rule(
    connection: duckdb.DuckDBPyConnection,
    engine: Engine,
    rule: Rule,
    months: Months,
    values: Values,
    *,
    from_lake: bool,
) -> None:
    """Add the rule's hit lines of these settlement months to ``new_hit_line``; raises UserError naming the rule.

    ``from_lake``: read all claims there are instead of the steps made ready.
    """
    select = lines_sql(rule, inline=engine.inlines) if from_lake else lines_of_steps_sql(rule)
    for number, (first, last, params) in enumerate(stretches(rule, sorted(months), values)):
        period = {"period_start": dt.date.fromisoformat(f"{first}-01"), "period_end": month_end(last)}
        try:
            text, used = engine.rows(
                f"{LINES_TABLE}/{rule.rule_id}-{number}",
                f"select {_fixed(rule, params)}, {LINE_NAMES} from (\n{select}\n) as finished",
                {**params, **period},
                typed=False,
            )
            connection.execute(f"insert into {LINES_TABLE} by name {text}", dict(used))
        except FAULTS as error:
            raise UserError(
                f"规则 {rule.rule_id} {rule.header.title} 执行失败:{first_line(error)}"
            ) from error


def _fixed(rule: Rule, params: Mapping[str, Any]) -> str:
    """What is the same for all hit lines of a rule, and the month of each."""
    texts = {
        "rule_id": rule.rule_id, "version": rule.version, "params_hash": params_hash(params), "level": rule.header.level,
        "line_of": rule.header.lines,
    }  # fmt: skip
    columns = [f"{literal(text)} as {name}" for name, text in texts.items()]
    return ", ".join([*columns, "substring(cast(hit_date as varchar), 1, 7) as ym"])


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
