"""Parameters and targets with effective dates.

Shipped values stand in ``data/reference/parameters.yaml``; what a bureau sets itself is kept in the home's state database
and wins from its effective date on. ``target.<kpi>`` overrides a KPI's target. Nothing is overwritten: each change is a row, taking
one back is a row too, and each stands in the audit log.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import Column, Date, DateTime, Integer, String, Table, insert, select

from fundwatch.clock import china_today
from fundwatch.errors import UsageError
from fundwatch.home import QUERIES, Home
from fundwatch.parameters import Parameter, Value, parameters
from fundwatch.state.audit import record
from fundwatch.state.db import engine, metadata

__all__ = [
    "NO_TARGET", "SHIPPED_AGAIN", "TARGET_PATTERN", "TARGET_PREFIX", "Change", "Parameter", "Recorded", "Setting", "Settings",
    "Values", "parameters",
]  # fmt: skip
TARGET_PREFIX = "target."
#: a target set to this word is taken away from its effective date on
NO_TARGET = "无"
#: a value set to this word is the shipped one again from its effective date on
SHIPPED_AGAIN = "恢复随系统值"
#: a number, a bound or a range: 100, <=20, 6-9
TARGET_PATTERN = re.compile(r"(<=|>=)?\d+(\.\d+)?|\d+(\.\d+)?-\d+(\.\d+)?")
#: what the audit log calls a change
ACTION = "修改设置"
LONGEST = 400
CHANGE_COLUMNS = ("key", "value", "effective_from", "why", "set_by", "set_at", "setting_id")
Entry = TypeVar("Entry")

SETTING = Table(
    "setting",
    metadata,
    Column("setting_id", Integer, primary_key=True),
    Column("key", String(80), nullable=False, index=True),
    Column("value", String(LONGEST), nullable=False),
    #: null: since ever
    Column("effective_from", Date),
    Column("why", String(LONGEST), nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_at", DateTime, nullable=False),
)


@dataclass(frozen=True)
class Setting:
    """A value in force: ``effective_from`` None means since ever; ``set_by`` None means shipped."""

    key: str
    label: str
    value: Value | None
    unit: str
    effective_from: dt.date | None
    source: str
    source_status: str | None
    why: str | None
    set_by: str | None


@dataclass(frozen=True)
class Change:
    """One change made in this home; ``set_at`` is UTC."""

    key: str
    value: str
    effective_from: dt.date | None
    why: str
    set_by: str
    set_at: dt.datetime
    setting_id: int = 0


@dataclass(frozen=True)
class Recorded:
    """A change with the value that held from its day on until it was recorded (``before`` None: nothing was set).

    ``stands``: no later record has the same beginning, so that it can be taken back.
    """

    change: Change
    before: Value | None
    stands: bool


class Values:
    """Parameters and targets as they stand after some changes; reads no database."""

    def __init__(self, changes: Sequence[Change] = ()) -> None:
        self._by_key: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            self._by_key[change.key].append(change)

    def now(self) -> Values:
        return self

    def get(self, key: str, on: dt.date) -> Value | None:
        """The parameter's value in force on that day (int, Decimal or text), or None when nothing is set."""
        return self.setting(key, on).value

    def setting(self, key: str, on: dt.date) -> Setting:
        """The value in force with where it comes from; raises UsageError for a key nobody declared."""
        _check_key(key)
        if key.startswith(TARGET_PREFIX):
            base = Setting(
                key,
                f"目标值 {key.removeprefix(TARGET_PREFIX)}",
                None,
                "同指标",
                None,
                "本机设置",
                None,
                None,
                None,
            )
            read: Callable[[str], Value] = str
        else:
            parameter = parameters()[key]
            shipped = _latest(parameter.values, on, lambda dated: dated.from_)
            base = Setting(
                key, parameter.label, parameter.read(shipped.value) if shipped else None, parameter.unit,
                shipped.from_ if shipped else None, parameter.source, parameter.source_status, None, None,
            )  # fmt: skip
            read = parameter.read
        own = _latest(self._by_key.get(key, ()), on, lambda change: change.effective_from)
        if own is None:
            return base
        own_day = {"effective_from": own.effective_from, "why": own.why, "set_by": own.set_by}
        if own.value == SHIPPED_AGAIN:
            return replace(base, **own_day)  # type: ignore[arg-type]
        return replace(base, value=read(own.value), source_status=None, **own_day)  # type: ignore[arg-type]

    def coming(self, key: str, on: dt.date) -> list[Setting]:
        """The values that will replace the one of that day, in order of their beginnings; without what changes nothing."""
        shipped = [] if key.startswith(TARGET_PREFIX) else [one.from_ for one in parameters()[key].values]
        begins = [*shipped, *(change.effective_from for change in self._by_key.get(key, ()))]
        found, before = [], self.setting(key, on)
        for day in sorted({day for day in begins if day is not None and day > on}):
            then = self.setting(key, day)
            if then.value != before.value:
                found.append(then)
            before = then
        return found

    def recorded(self, key: str) -> list[Recorded]:
        """Every change of the key with the value it replaced, oldest record first."""
        changes = self._by_key.get(key, [])
        return [
            Recorded(
                change,
                Values(changes[:place]).setting(key, change.effective_from or dt.date.min).value,
                all(later.effective_from != change.effective_from for later in changes[place + 1 :]),
            )
            for place, change in enumerate(changes)
        ]

    def changed_keys(self) -> list[str]:
        """Keys that were ever changed in this home, in alphabetical order."""
        return sorted(self._by_key)

    def all(self, on: dt.date) -> list[Setting]:
        """Every parameter in file order, then the targets this home sets itself."""
        own_targets = sorted(key for key in self._by_key if key.startswith(TARGET_PREFIX))
        return [self.setting(key, on) for key in [*parameters(), *own_targets]]

    def target(self, kpi: str, on: dt.date) -> str | None:
        """The home's own target of a KPI in force on that day; None: not set; ``NO_TARGET``: taken away."""
        found = self.setting(TARGET_PREFIX + kpi, on).value
        return None if found is None else str(found)


class Settings:
    """Parameters and targets of one home. Reads the state database at each call, so changes show at once."""

    def __init__(self, home: Home) -> None:
        self._engine = engine(home)

    @property
    def version(self) -> str:
        """Changes with each change; use it in cache keys."""
        with self._engine.connect() as connection:
            last = connection.execute(
                select(SETTING.c.setting_id).order_by(SETTING.c.setting_id.desc()).limit(1)
            )
            return str(last.scalar() or 0)

    def now(self) -> Values:
        """All values as they stand now: one read for many questions, and one answer while a screen is drawn."""
        return Values(self._changes())

    def as_of(self, version: str) -> Values:
        """All values as they stood at a ``version`` of this home's settings, for numbers that were frozen with it."""
        return Values([change for change in self._changes() if change.setting_id <= int(version)])

    def get(self, key: str, on: dt.date) -> Value | None:
        """The parameter's value in force on that day (int, Decimal or text), or None when nothing is set."""
        return self.now().get(key, on)

    def all(self, on: dt.date) -> list[Setting]:
        """Every parameter in file order, then the targets this home sets itself."""
        return self.now().all(on)

    def history(self, key: str) -> list[Change]:
        """Changes of one key made in this home, oldest first."""
        _check_key(key)
        return [change for change in self._changes() if change.key == key]

    def set(self, key: str, value: str, effective_from: dt.date | None, why: str, by: str) -> None:
        """Record a value in force from a day on (None: since ever). Raises UsageError on a value that does not fit."""
        _check_key(key)
        text = str(value).strip()
        _check_value(key, text)
        if max(len(text), len(why)) > LONGEST:
            raise UsageError(f"值和理由各不超过 {LONGEST} 字。")
        before = self.now().setting(key, effective_from or china_today())
        row = {
            "key": key, "value": text, "effective_from": effective_from, "why": why, "set_by": by,
            "set_at": dt.datetime.now(dt.UTC).replace(tzinfo=None),
        }  # fmt: skip
        with self._engine.begin() as connection:
            connection.execute(insert(SETTING), row)
        detail = {
            "before": None if before.value is None else str(before.value), "after": text,
            "since": effective_from.isoformat() if effective_from else "自始", "why": why,
        }  # fmt: skip
        record(self._engine, by, ACTION, key, detail)

    def undo(self, setting_id: int, why: str, by: str) -> Change:
        """Take a change back by a new one with the same beginning; returns the change undone.

        Raises UsageError when a later record has replaced it already.
        """
        found = next((one for one in self._changes() if one.setting_id == setting_id), None)
        if found is None:
            raise UsageError(f"没有编号为 {setting_id} 的变更。")
        changes = [one for one in self._changes() if one.key == found.key]
        place = changes.index(found)
        if any(later.effective_from == found.effective_from for later in changes[place + 1 :]):
            raise UsageError("这次变更已被同一生效日的后一次变更取代,请直接设置新值。")
        before = Values(changes[:place]).setting(found.key, found.effective_from or dt.date.min)
        shipped = before.set_by is None or before.value is None
        self.set(found.key, SHIPPED_AGAIN if shipped else str(before.value), found.effective_from, why, by)
        return found

    def _changes(self) -> list[Change]:
        columns = [SETTING.c[name] for name in CHANGE_COLUMNS]
        with self._engine.connect() as connection:
            return [
                Change(*row) for row in connection.execute(select(*columns).order_by(SETTING.c.setting_id))
            ]


def _latest(entries: Sequence[Entry], on: dt.date, begins: Callable[[Entry], dt.date | None]) -> Entry | None:
    """The entry with the latest beginning not after ``on``; of equal ones the one recorded last."""
    begun = [(begins(entry) or dt.date.min, position) for position, entry in enumerate(entries)]
    begun = [(begin, position) for begin, position in begun if begin <= on]
    return entries[max(begun)[1]] if begun else None


def _check_key(key: str) -> None:
    if key.startswith(TARGET_PREFIX):
        kpi = key.removeprefix(TARGET_PREFIX)
        if re.fullmatch(r"[a-z][a-z0-9_]*", kpi) and (QUERIES / "kpis" / f"{kpi}.yaml").is_file():
            return
        raise UsageError(f"没有指标 {kpi},不能设目标值。")
    if key not in parameters():
        raise UsageError(f"没有参数 {key}。用 settings list 查看全部参数。")


def _check_value(key: str, text: str) -> None:
    if text == SHIPPED_AGAIN:
        return
    if not key.startswith(TARGET_PREFIX):
        parameters()[key].read(text)
        return
    if text != NO_TARGET and not TARGET_PATTERN.fullmatch(text):
        raise UsageError(f"目标值“{text}”应写成 100、<=20、>=80 或 6-9,取消目标写“{NO_TARGET}”。")
    low, dash, high = text.partition("-")
    if dash and Decimal(low) > Decimal(high):
        raise UsageError(f"目标值“{text}”的下限大于上限。")
