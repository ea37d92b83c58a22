"""Which models a build makes anew, which only for some months, and which it copies from before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fundwatch.build.models import Model, Models
from fundwatch.build.sources import EMPTY, Snapshot

COPY, MONTHS, FULL = "沿用", "按月", "全部"


@dataclass(frozen=True)
class Change:
    """What differs for a table or model: everything, or the rows of some months."""

    all: bool = False
    months: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.all or bool(self.months)

    def __or__(self, other: Change) -> Change:
        return Change(self.all or other.all, self.months | other.months)


NOTHING, EVERYTHING = Change(), Change(all=True)


def plan(
    models: Models,
    hashes: Mapping[str, str],
    before_hashes: Mapping[str, str],
    *,
    now: Snapshot,
    before: Snapshot,
    wanted: frozenset[str] = frozenset(),
) -> dict[str, Change]:
    """The change of every model, staging included, against the version before.

    ``wanted`` months are rebuilt for every by_month mart whether changed or not. A model whose hash differs
    (its text, its parameters, or either of a model it reads) changes entirely.
    """
    changes: dict[str, Change] = {}
    for name, model in models.by_name.items():
        if hashes[name] != before_hashes.get(name):
            changes[name] = EVERYTHING
        elif model.is_staging:
            changes[name] = _table_change(name.removeprefix("stg_"), now, before)
        else:
            changes[name] = _mart_change(model, models, changes)
            if model.header.by_month and not changes[name].all:
                changes[name] |= Change(months=wanted)
    return changes


def mode(change: Change) -> str:
    """How a mart with this change is made."""
    return FULL if change.all else MONTHS if change.months else COPY


def _table_change(table: str, now: Snapshot, before: Snapshot) -> Change:
    changed = now.get(table, EMPTY).changed_months(before.get(table, EMPTY))
    if None in changed:
        return EVERYTHING
    return Change(months=frozenset(month for month in changed if month is not None))


def _mart_change(model: Model, models: Models, changes: Mapping[str, Change]) -> Change:
    """An input's months are the mart's only where the header says so (``months_of``, or else by_month)."""
    aligned = model.header.months_of
    if aligned is None:
        aligned = tuple(name for name in model.reads if models.by_name[name].header.by_month)
    total = NOTHING
    for name in model.reads:
        change = changes[name]
        total |= change if not change or (model.header.by_month and name in aligned) else EVERYTHING
    return total
