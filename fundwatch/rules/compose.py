"""The whole text of a rule: row-level steps of ``queries/base``, the rule itself, its amounts.

The steps stand before the rule as named CTEs; nothing of them is copied into the serving file. ``not materialized`` lets
DuckDB push the rule's conditions into each of them instead of making every fee line first.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from functools import lru_cache
from graphlib import TopologicalSorter

from sqlglot import exp

from fundwatch.build.models import HEADER, Header, Model
from fundwatch.home import QUERIES
from fundwatch.rules.header import PRO_RATA
from fundwatch.rules.library import Rule
from fundwatch.yaml_text import read_yaml


@lru_cache(maxsize=1)
def base_models() -> dict[str, Model]:
    """The row-level steps ``base_*`` in dependency order."""
    found = {path.stem: _read(path.stem) for path in sorted((QUERIES / "base").glob("base_*.sql"))}
    graph = {name: model.reads & found.keys() for name, model in found.items()}
    return {name: found[name] for name in TopologicalSorter(graph).static_order()}


def lines_of_steps_sql(rule: Rule) -> str:
    """One row per hit line with its amount, where the steps the rule reads stand ready as tables.

    Parameters: the rule's, ``period_start`` and ``period_end``.
    """
    return f"with {_hit_line(rule)}\n{_after_with(_body(_finish(rule)))}"


def steps_read(rules: Iterable[Rule]) -> list[str]:
    """The row-level steps that these rules read, directly or not, in dependency order."""
    wanted = {name for rule in rules for name in _needed(rule)}
    return [name for name in base_models() if name in wanted]


def step_columns(name: str, rules: Iterable[Rule], steps: Iterable[str]) -> list[str] | None:
    """The columns of a step that the rules, what finishes them or the ``steps`` that read it name; None: all that there are.

    Words are looked for, not meanings: a column that no text has cannot be read.
    """
    rules, models = list(rules), base_models()
    texts = [rule.body for rule in rules] + [_body(finish) for finish in {_finish(rule) for rule in rules}]
    texts += [_body(step) for step in steps if name in models[step].reads]
    words = set(re.findall(r"\w+", " ".join(texts)))
    columns = models[name].tree.named_selects
    return None if "*" in columns else [column for column in columns if column in words]


def step_sql(name: str) -> str:
    """The select of one row-level step; it reads the steps before it by their names."""
    return _body(name)


def tables_read(rule: Rule) -> frozenset[str]:
    """Staging tables and marts that decide the rule's rows, those behind its steps too."""
    models = base_models()
    steps = _needed(rule)
    own = {cte.alias for cte in rule.tree.find_all(exp.CTE)}
    direct = {table.name for table in rule.tree.find_all(exp.Table)} - own
    return frozenset((direct | set().union(*(models[name].reads for name in steps))) - models.keys())


def hits_sql(rule: Rule) -> str:
    """One row per hit, its lines as JSON; for DuckDB at read time."""
    finished = f"finished as (\n{_indented(_body(_finish(rule)))}\n)"
    return "\n".join([*_steps(rule)[:-1], f"{_hit_line(rule)},", finished]) + "\n" + _body("group_hits")


def _steps(rule: Rule) -> list[str]:
    steps = [f"{name} as not materialized (\n{_indented(_body(name))}\n)," for name in _needed(rule)]
    return ["with", *steps, _hit_line(rule)]


def _after_with(sql: str) -> str:
    """A select to stand behind a first CTE: its own CTEs follow with a comma."""
    return f",{sql.lstrip().removeprefix('with')}" if sql.lstrip().startswith("with") else sql


def _hit_line(rule: Rule) -> str:
    return f"hit_line as (\n{_indented(rule.body)}\n)"


def _needed(rule: Rule) -> list[str]:
    """Steps that the rule reads, directly or not, in order."""
    models = base_models()
    wanted: set[str] = {table.name for table in rule.tree.find_all(exp.Table)} & models.keys()
    for name in reversed(models):
        if name in wanted:
            wanted |= models[name].reads & models.keys()
    return [name for name in models if name in wanted]


def _finish(rule: Rule) -> str:
    return "finish_pro_rata" if rule.header.amount_method in PRO_RATA else "finish_as_given"


@lru_cache(maxsize=32)
def _read(name: str) -> Model:
    sql = (QUERIES / "base" / f"{name}.sql").read_text(encoding="utf-8")
    found = HEADER.match(sql)
    header = Header.model_validate(read_yaml(found["yaml"] if found else ""))
    return Model(name=name, header=header, sql=sql)


def _body(name: str) -> str:
    return HEADER.sub("", _read(name).sql).strip()


def _indented(sql: str) -> str:
    return textwrap.indent(sql, "    ")
