"""The alerts of a version: new, lasting, ended; each with its reason, since when, and what was said to it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fundwatch.alerts import store
from fundwatch.alerts.observe import Facts, Kind, Observation, observations
from fundwatch.home import Home
from fundwatch.kpi import KpiValue, declarations, evaluate
from fundwatch.quality import table_states
from fundwatch.screens.drift_reads import drifting
from fundwatch.settings import Settings
from fundwatch.steps import page_sql
from fundwatch.ui import numbers
from fundwatch.warehouse import Warehouse

LEAD = "提示,待核实"
#: a rule whose newest month lies further back says nothing of today: its data are missing, or its season is over
RECENT_MONTHS = 3


class State(StrEnum):
    """Where an alert stands between the month before and the newest judged one; the value is the word on screen."""

    NEW = "新出现"
    LASTING = "持续"
    ENDED = "解除"


ORDER = tuple(State)


@dataclass(frozen=True)
class Alert:
    """One rule that is met, or was in the month before. ``since`` is the first month of the episode, ``months`` how many it has lasted,
    ``value`` in the KPI's unit, ``reason`` one sentence with its numbers, ``version`` that of the warehouse."""

    rule_id: str
    kind: str
    kpi: str
    insutype: str | None
    code: str | None
    name: str
    state: State
    month: str
    since: str
    months: int
    value: Decimal
    limit: str
    reason: str
    owner: str
    version: str
    acknowledged: store.Acknowledgement | None

    @property
    def is_open(self) -> bool:
        """Whether somebody should look: met, and nobody has said anything to this episode."""
        return self.state is not State.ENDED and self.acknowledged is None


def current(
    home: Home, warehouse: Warehouse, settings: Settings, facts: Callable[[], Facts | None] | None = None
) -> list[Alert]:
    """The alerts of a version: new ones first, then lasting, then ended; those not acknowledged before the others.

    The first call for a version (and state of the settings) looks and records; later ones read the record. Of a version older than the
    newest recorded one nothing is written. Empty where the version holds no dated data. ``facts`` reads them where a caller has them
    already; it is called for a look only.
    """
    version, settings_version = warehouse.version, settings.version
    if store.is_looked(home, version, settings_version):
        found = store.known(home, version, settings_version)
    else:
        seen = facts() if facts else facts_of(warehouse, settings)
        found = [] if seen is None else observations(seen, settings.now())
        if found and not store.is_old(home, version):
            store.look(home, version, settings_version, found)
            found = store.known(home, version, settings_version)
    said = store.acknowledged(home)
    return judged(found, version, said)


def judged(
    found: Iterable[Observation], version: str, said: dict[tuple[str, str], store.Acknowledgement]
) -> list[Alert]:
    """The alerts that observations make; ``said``: (rule, first month) → acknowledgement."""
    known = list(declarations())
    rules: dict[str, dict[str, Observation]] = defaultdict(dict)
    for one in found:
        # a record may name a KPI that the program no longer has
        if one.kpi in known:
            rules[one.rule_id][one.month] = one
    newest = max((month for own in rules.values() for month in own), default="")
    recent = [own for own in rules.values() if max(own) >= _before(newest, RECENT_MONTHS - 1)]
    alerts = [alert for own in recent if (alert := _alert(own, version, said))]
    return sorted(
        alerts,
        key=lambda one: (
            one.acknowledged is not None and one.state is not State.ENDED,
            ORDER.index(one.state),
            known.index(one.kpi),
            one.rule_id,
        ),
    )


def facts_of(warehouse: Warehouse, settings: Settings) -> Facts | None:
    """What a look reads, straight from the version; None where nothing dated is loaded."""
    loaded = (
        dt.date.fromisoformat(warehouse.meta["load_date"][:10]) if warehouse.meta.get("load_date") else None
    )
    if loaded is None:
        return None
    newest = warehouse.query(page_sql("newest_day"), {"load_date": loaded}).to_pylist()[0]["newest_day"]
    if newest is None:
        return None
    values = settings.now()

    def monthly(kpis: Sequence[str], start: dt.date, end: dt.date, by: str) -> list[KpiValue]:
        return evaluate(warehouse, values, kpis, start, end, by)

    rows = warehouse.query(page_sql("institution_levels"), {}).to_pylist()
    names = {row["fixmedins_code"]: row["fixmedins_name"] for row in rows}
    levels = {row["fixmedins_code"]: row["level_class"] for row in rows if row["level_class"]}
    institutions = drifting(warehouse, values, newest=newest, loaded=loaded, names=names, levels=levels)
    first = warehouse.meta.get("first_data")
    return Facts(
        newest,
        loaded,
        dt.date.fromisoformat(first[:10]) if first else None,
        table_states(warehouse),
        monthly,
        institutions,
    )


def _alert(
    own: dict[str, Observation], version: str, said: dict[tuple[str, str], store.Acknowledgement]
) -> Alert | None:
    """What one rule says between its newest month and the one before; None when it is met in neither."""
    newest = max(own)
    now, before = own[newest], own.get(_before(newest))
    if not now.met and not (before and before.met):
        return None
    last = newest if now.met else _before(newest)
    since, months = last, 1
    while (earlier := own.get(_before(since))) and earlier.met:
        since, months = _before(since), months + 1
    state = State.ENDED if not now.met else State.NEW if months == 1 else State.LASTING
    # a drift has its own months in its words
    lasting = f",已连续 {months} 个月" if state is State.LASTING and now.kind != Kind.DRIFT else ""
    closing = f",{numbers.month(since)}起的预警解除。" if state is State.ENDED else f"({LEAD})。"
    return Alert(
        now.rule_id, now.kind, now.kpi, now.insutype, now.code, now.name, state, newest, since, months, now.value, now.limit,
        f"{now.words}{lasting}{closing}", declarations()[now.kpi].owner, version, said.get((now.rule_id, since)),
    )  # fmt: skip


def _before(month: str, count: int = 1) -> str:
    """2024-01 → 2023-12."""
    if not month:
        return ""
    place = int(month[:4]) * 12 + int(month[5:]) - 1 - count
    return f"{place // 12}-{place % 12 + 1:02}"
