"""Rules at work in a build: the shared steps as tables, then each rule's hit lines."""

# ruff: noqa: S608 - names come from checked rule files and this package, values are parameters

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from fundwatch.build.engine import FAULTS, Engine
from fundwatch.build.hit_changes import PERSONS, VISITS
from fundwatch.build.hit_months import Months
from fundwatch.build.hit_texts import month_end, month_params, params_hash
from fundwatch.build.sources import first_line, literal
from fundwatch.errors import UserError
from fundwatch.rules.compose import lines_of_steps_sql, step_columns, step_sql, steps_read
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


@dataclass(frozen=True)
class Scope:
    """The claims that decide the hits to be made: settlements of some months (None: all), of changed persons' visits only or of all.

    ``line_months``: months in which fee lines of these settlements lie; None: any.
    """

    months: Months | None = None
    persons: bool = False
    line_months: Months | None = None

    def narrow(self, name: str, select: str) -> str:
        """The select of a step without the claims that do not count. The steps after ``base_settlement`` read no others."""
        if name == "base_settlement":
            wanted = [f"setl_ym in ({_listed(self.months)})"] if self.months is not None else []
            wanted += [f"mdtrt_id in (select mdtrt_id from {VISITS})"] if self.persons else []
            if wanted:
                return f"select * from (\n{select}\n) as step where {' and '.join(wanted)}"
        if name == "base_fee_line" and self.line_months is not None:
            # single months, so that files of others are not opened; the lines that take others back may lie in any month
            lines, found = re.subn(
                r"\bfrom stg_fee_list_d as line\b",
                f"from (select * from stg_fee_list_d where ym in ({_listed(self.line_months)})) as line",
                select,
            )
            if found != 1:
                raise RuntimeError("base_fee_line must read stg_fee_list_d as line once")
            return lines
        return select


def _listed(months: Iterable[str]) -> str:
    return ", ".join(literal(month) for month in sorted(months)) or "null"


@contextmanager
def steps(engine: Engine, rules: Iterable[Rule], scope: Scope) -> Iterator[None]:
    """The row-level steps that the rules read, made once, not once per rule, with the columns that the rules name."""
    running = list(rules)
    names = steps_read(running)
    with engine.steps():
        for name in names:
            try:
                columns = ", ".join(step_columns(name, running, names) or ["*"])
                select = scope.narrow(name, step_sql(name))
                engine.step(name, f"select {columns} from (\n{select}\n) as step", {})
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
    persons: bool,
) -> None:
    """Add the rule's hit lines of these settlement months to ``new_hit_line``; raises UserError naming the rule.

    ``persons``: of changed persons only.
    """
    select = lines_of_steps_sql(rule)
    where = f"where psn_no in (select psn_no from {PERSONS})" if persons else ""
    for number, (first, last, params) in enumerate(stretches(rule, sorted(months), values)):
        period = {"period_start": dt.date.fromisoformat(f"{first}-01"), "period_end": month_end(last)}
        try:
            text, used = engine.rows(
                f"{LINES_TABLE}/{rule.rule_id}-{number}{'-persons' if persons else ''}",
                f"select {_fixed(rule, params)}, {LINE_NAMES} from (\n{select}\n) as finished {where}",
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
