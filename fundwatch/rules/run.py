"""Run rules over a warehouse: hits, and for each rule whether it could be run at all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import pyarrow as pa

from fundwatch.errors import UserError
from fundwatch.progress import Step, silent
from fundwatch.rules.compose import hits_sql
from fundwatch.rules.header import Knowledge
from fundwatch.rules.knowledge import Source, point_count
from fundwatch.rules.library import Rule

#: a hit, in this order; ``evidence`` is a JSON object as text
HIT_COLUMNS = (
    "rule_id", "setl_id", "mdtrt_id", "fixmedins_code", "psn_no", "hit_date", "amount_at_issue", "evidence", "level",
)  # fmt: skip
SCHEMA = pa.schema([
    ("rule_id", pa.string()), ("setl_id", pa.string()), ("mdtrt_id", pa.string()), ("fixmedins_code", pa.string()),
    ("psn_no", pa.string()), ("hit_date", pa.date32()), ("amount_at_issue", pa.decimal128(16, 2)),
    ("evidence", pa.string()), ("level", pa.string()),
])  # fmt: skip
Status = Literal["已运行", "缺少表", "未加载知识"]


class Values(Protocol):
    """Where parameter values come from: the settings of a home."""

    def get(self, key: str, on: dt.date) -> Any: ...


@dataclass(frozen=True)
class Outcome:
    """What became of one rule. A rule that was not run has ``hits`` None, never 0.

    ``missing`` names tables or knowledge: all of them for a rule not run, the part not judged for one that ran.
    """

    rule_id: str
    title: str
    status: Status
    hits: int | None
    missing: tuple[str, ...]
    params: Mapping[str, Any]
    version: str


@dataclass(frozen=True)
class Screening:
    """Hits of a period (columns ``HIT_COLUMNS``, by rule and settlement) and the outcome of each rule."""

    start: dt.date
    end: dt.date
    hits: pa.Table
    outcomes: tuple[Outcome, ...]

    def records(self) -> list[dict[str, Any]]:
        """Hits as dictionaries, ``evidence`` as an object."""
        return [{**row, "evidence": json.loads(row["evidence"])} for row in self.hits.to_pylist()]


def run(
    source: Source,
    settings: Values,
    rules: Iterable[Rule],
    start: dt.date,
    end: dt.date,
    *,
    step: Step = silent,
) -> Screening:
    """Hits of settlements with a settlement day in [start, end], both included; parameters as in force on ``end``.

    Raises UserError when the period is turned round.
    """
    if start > end:
        raise UserError(f"期间有误:开始 {start} 晚于结束 {end}。")
    chosen = list(rules)
    look = Look(source)
    tables, outcomes = [SCHEMA.empty_table()], []
    for position, rule in enumerate(chosen):
        step(f"{rule.rule_id} {rule.header.title}", position, len(chosen))
        params = {name: settings.get(rule.setting_key(name), end) for name in rule.header.params}
        status, missing = look.standing(rule)
        found = None
        if status == "已运行":
            found = _hits(source, rule, {**params, "period_start": start, "period_end": end})
            tables.append(found)
        outcomes.append(
            Outcome(
                rule.rule_id, rule.header.title, status, None if found is None else found.num_rows, missing, params,
                rule.version,
            )
        )  # fmt: skip
    step("完成", len(chosen), len(chosen))
    return Screening(start, end, pa.concat_tables(tables), tuple(outcomes))


def _hits(source: Source, rule: Rule, params: dict[str, Any]) -> pa.Table:
    found = source.query(hits_sql(rule), params)
    labels = {"lines_of": rule.header.lines, **rule.header.evidence.model_dump(exclude_none=True)}
    # The JSON of the lines is long; only the object's opening is put before it.
    opening = json.dumps({"labels": labels}, ensure_ascii=False)[:-1] + ', "lines": '
    evidence = [opening + lines + "}" for lines in found.column("lines").to_pylist()]
    rows = found.num_rows
    columns = {
        **{name: found.column(name) for name in found.column_names},
        "rule_id": pa.array([rule.rule_id] * rows, pa.string()),
        "evidence": pa.array(evidence, pa.string()),
        "level": pa.array([rule.header.level] * rows, pa.string()),
    }
    return pa.table([columns[name] for name in HIT_COLUMNS], names=list(HIT_COLUMNS)).cast(SCHEMA)


class Look:
    """What is loaded: tables and knowledge points, looked at once per question."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[Any, int] = {}

    def standing(self, rule: Rule) -> tuple[Status, tuple[str, ...]]:
        """Whether the rule can run, and the tables or knowledge that it lacks."""
        needs = rule.header.needs
        tables = tuple(table for table in needs.tables if not self._once(table, self._rows))
        if tables:
            return "缺少表", tables
        lacking = self._lacking(needs.knowledge)
        if lacking:
            return "未加载知识", lacking
        return "已运行", self._lacking(needs.partial)

    def points(self, rule: Rule) -> int | None:
        """Knowledge points loaded that the rule reads, each version counted; None for a rule that reads none."""
        wanted = (*rule.header.needs.knowledge, *rule.header.needs.partial)
        return sum(self._once(one, self._points) for one in wanted) if wanted else None

    def _lacking(self, wanted: Iterable[Knowledge]) -> tuple[str, ...]:
        return tuple(one.words for one in wanted if not self._once(one, self._points))

    def _once(self, what: Any, ask: Callable[[Any], int]) -> int:
        if what not in self._known:
            self._known[what] = ask(what)
        return self._known[what]

    def _rows(self, table: str) -> int:
        # A table never loaded is an empty one. The name is a contract's, checked when the rule was read.
        return self._source.query(f'select 1 as found from "stg_{table}" limit 1').num_rows  # noqa: S608

    def _points(self, wanted: Knowledge) -> int:
        return point_count(self._source, wanted)
