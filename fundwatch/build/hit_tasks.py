"""In what order and over which claims the rules of a build run.

Rules that look at neighbouring days share steps made ready for the months concerned; rules that reach over a half-year, a year or all
there is share steps of all months, which hold no more columns than they name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from fundwatch.build.hit_changes import months_of_the_same_visits
from fundwatch.build.hit_months import Months, Span, carried
from fundwatch.build.hit_run import Scope
from fundwatch.build.hit_store import Standing
from fundwatch.quality import months_between
from fundwatch.rules.library import Rule


@dataclass(frozen=True)
class Task:
    """One rule to run for some months over the claims of a scope."""

    rule: Rule
    months: Months
    scope: Scope


def tasks_of(
    connection: duckdb.DuckDBPyConnection, running: Iterable[Standing], known: Mapping[str, Span]
) -> list[Task]:
    """All that has to run: months made anew for everybody, then months made anew for changed persons."""
    standings = list(running)
    whole = [(one.rule, one.whole) for one in standings]
    rest = [(one.rule, one.months - one.whole) for one in standings]
    return [
        *_tasks(connection, whole, known, persons=False),
        *_tasks(connection, rest, known, persons=True),
    ]


def _tasks(
    connection: duckdb.DuckDBPyConnection,
    wanted: Iterable[tuple[Rule, Months]],
    known: Mapping[str, Span],
    *,
    persons: bool,
) -> list[Task]:
    """The tasks of one sort: near rules over the months they need, far ones over all; all together where that is the same."""
    todo = [(rule, months) for rule, months in wanted if months]
    near = [(rule, months) for rule, months in todo if not _is_far(rule)]
    needed = _needed(connection, near, known)
    if needed == known.keys():
        everything = Scope(persons=persons)
        return [Task(rule, months, everything) for rule, months in todo]
    close, wide = Scope(needed, persons, _line_months(needed, known)), Scope(persons=persons)
    return [
        *(Task(rule, months, close) for rule, months in near),
        *(Task(rule, months, wide) for rule, months in todo if _is_far(rule)),
    ]


def _needed(
    connection: duckdb.DuckDBPyConnection, near: Sequence[tuple[Rule, Months]], known: Mapping[str, Span]
) -> Months:
    """Settlement months whose rows decide the hits to be made."""
    months = frozenset[str]().union(*(wanted for _, wanted in near))
    if months == known.keys():
        return months
    found = months_of_the_same_visits(connection, months)
    for rule, wanted in near:
        found |= carried(rule.header.reach, wanted, [known])
    return found & known.keys()


def _line_months(months: Months, known: Mapping[str, Span]) -> Months:
    """Months in which the fee lines of these months' settlements lie: spans cover them."""
    if not months:
        return months
    first, last = min(known[month][0] for month in months), max(known[month][1] for month in months)
    return frozenset(months_between(f"{first:%Y-%m}", f"{last:%Y-%m}"))


def _is_far(rule: Rule) -> bool:
    return rule.header.reach is not None and rule.header.reach.is_far
