"""Screening at build time: every rule over the months that changed, its hits stored beside the marts.

A rule runs again for the settlement months whose claims changed and for those to which its window carries the change, there for
the persons whose claims these are (decision 309); for whole months whose parameters are others than before; and wholly when its
text, the knowledge or another small list that it reads differs. All other hits are carried over. Parameters of a month are those in
force on its last day.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from fundwatch.build.engine import FAULTS, Engine
from fundwatch.build.hit_changes import (
    LINKS,
    PERSONS,
    VISITS,
    Touched,
    claim_changes,
    no_persons,
)
from fundwatch.build.hit_months import Months, Span, carried, spans
from fundwatch.build.hit_run import LINES_TABLE, NEW_LINES, run_rule, steps
from fundwatch.build.hit_store import RAN, Standing, store, store_meta
from fundwatch.build.hit_sums import make_sums
from fundwatch.build.hit_tables import Kept
from fundwatch.build.hit_tasks import tasks_of
from fundwatch.build.hit_texts import inputs_hash, month_params, params_hash, rule_texts, text_hash
from fundwatch.build.plan import COPY, FULL, MONTHS, Change
from fundwatch.build.sources import Snapshot, first_line
from fundwatch.contracts import contracts
from fundwatch.errors import UserError
from fundwatch.progress import Step
from fundwatch.rules.compose import tables_read
from fundwatch.rules.library import headers, library
from fundwatch.rules.run import Look, Values


@dataclass(frozen=True)
class Inputs:
    """What a build hands over: the lake now and before, what changed, the settings as they stand.

    ``full``: run everything; ``wanted``: months to run besides those that changed.
    """

    tables: Snapshot
    before: Snapshot
    changes: Mapping[str, Change]
    values: Values
    root: Path
    full: bool
    wanted: Months


@dataclass(frozen=True)
class HitReport:
    """What was made: rows per table, seconds per rule that ran, how, and the settlement months that ran again."""

    rows: dict[str, int]
    seconds: dict[str, float]
    mode: str
    months: Months


class Answering:
    """A connection that answers like a warehouse."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def query(self, sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None) -> pa.Table:
        # What a fetchone() left unread keeps the connection; a statement read to its end lets go of it.
        self._connection.execute("select 1").fetchall()
        return self._connection.sql(sql, params=params).to_arrow_table()


def is_settled(kept: Kept, values: Values) -> bool:
    """Whether the hits of the version before still hold, as long as the lake has not changed: same texts, same parameters."""
    if rule_texts() != {rule_id: rule.text_hash for rule_id, rule in kept.rules.items()}:
        return False
    rules = headers()
    return all(
        params_hash(month_params(rules[rule_id], values, month)) == found
        for (rule_id, month), found in kept.params.items()
    )


def make_hits(
    connection: duckdb.DuckDBPyConnection, engine: Engine, kept: Kept, inputs: Inputs, step: Step
) -> HitReport:
    """Write the tables of screening into the file attached as ``wh``; what stays comes from ``prev``.

    Raises UserError naming the rule that cannot run.
    """
    anew = inputs.full or not kept.rules
    touched, known = _touched(connection, engine, kept, inputs, anew=anew)
    standings = [
        _with_months(one, kept, inputs, touched, known=known, anew=anew) for one in _standings(connection)
    ]
    seconds = _run(connection, engine, [one for one in standings if one.months], inputs, known[0], step=step)
    rows = store(
        connection, engine, standings, inputs.values, inputs.tables, has_before=bool(kept.rules) and not anew
    )
    make_sums(connection, engine)
    store_meta(connection, standings, known[0], seconds)
    made = frozenset[str]().union(*(one.months for one in standings))
    return HitReport(rows, seconds, FULL if anew else MONTHS if made else COPY, made)


def _touched(
    connection: duckdb.DuckDBPyConnection, engine: Engine, kept: Kept, inputs: Inputs, *, anew: bool
) -> tuple[Touched, list[Mapping[str, Span]]]:
    """What changed, and the spans to judge windows by: as they are now, then as they were."""
    months = frozenset(inputs.tables["setl_d"].months)
    if anew:
        no_persons(connection)
        return Touched(dict.fromkeys(LINKS, months), frozenset(LINKS)), [spans(engine, months)]
    whole = frozenset(table for table in LINKS if _is_all(inputs.changes, table))
    try:
        touched = claim_changes(connection, inputs.tables, inputs.before, inputs.root, whole)
    except FAULTS as error:
        raise UserError(f"变化的结算数据无法比较:{first_line(error)}") from error
    stale = months & (frozenset[str]().union(*touched.months.values()) | (months - kept.spans.keys()))
    now = {month: kept.spans[month] for month in months - stale} | spans(engine, stale)
    return touched, [now, kept.spans]


def _is_all(changes: Mapping[str, Change], table: str) -> bool:
    """Whether the table's columns or staging text changed. A table that is not kept by month is always wholly changed."""
    return contracts()[table].by_month and changes[f"stg_{table}"].all


def _standings(connection: duckdb.DuckDBPyConnection) -> list[Standing]:
    look, found = Look(Answering(connection)), []
    for rule in library().values():
        status, missing = look.standing(rule)
        inputs = inputs_hash(connection, rule) if status == RAN else None
        found.append(Standing(rule, status, missing, look.points(rule), text_hash(rule.sql), inputs))
    return found


def _with_months(
    one: Standing,
    kept: Kept,
    inputs: Inputs,
    touched: Touched,
    *,
    known: Sequence[Mapping[str, Span]],
    anew: bool,
) -> Standing:
    """The standing with the months for which the rule must run."""
    months = frozenset(known[0])
    if one.status != RAN:
        return one
    before = kept.rules.get(one.rule.rule_id)
    now = (one.text_hash, one.inputs_hash, one.status)
    if anew or before is None or now != (before.text_hash, before.inputs_hash, before.status):
        return replace(one, months=months, whole=months)
    read, reach = tables_read(one.rule), one.rule.header.reach
    # A month that was not there before needs no looking after by itself: all its persons have changed.
    others = {
        month
        for month in months & kept.spans.keys()
        if kept.params.get((one.rule.rule_id, month))
        != params_hash(month_params(one.rule, inputs.values, month))
    }
    whole = inputs.wanted | others
    reached = carried(reach, touched.of(read), known)
    if touched.is_unknown(read) or (reach is not None and reach.others):
        whole |= reached
    return replace(one, months=(reached | whole) & months, whole=whole & months)


def _run(
    connection: duckdb.DuckDBPyConnection,
    engine: Engine,
    running: Sequence[Standing],
    inputs: Inputs,
    known: Mapping[str, Span],
    *,
    step: Step,
) -> dict[str, float]:
    """Hit lines of all rules that must run, in ``new_hit_line``; the seconds of each."""
    connection.execute(NEW_LINES)
    if not running:
        engine.stored(LINES_TABLE, whole=False)
        return {}
    for name in (PERSONS, VISITS):
        engine.stored(name, whole=False)
    tasks = tasks_of(connection, running, known)
    seconds: dict[str, float] = {}
    for scope, group in groupby(enumerate(tasks, start=1), lambda task: task[1].scope):
        numbered = list(group)
        with steps(engine, [task.rule for _, task in numbered], scope):
            for done, task in numbered:
                rule = task.rule
                step(f"规则 {rule.rule_id} {rule.header.title}", done, len(tasks))
                start = time.perf_counter()
                run_rule(connection, engine, rule, task.months, inputs.values, persons=scope.persons)
                spent = seconds.get(rule.rule_id, 0) + time.perf_counter() - start
                seconds[rule.rule_id] = round(spent, 3)
    engine.stored(LINES_TABLE, whole=True)
    return seconds
