"""Parameters and targets with effective dates.

Shipped values stand in ``data/reference/parameters.yaml``; what a bureau sets itself is kept in the home's state database
and wins from its effective date on. ``target.<kpi>`` overrides a KPI's target. Nothing is overwritten: each change is a row.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from sqlalchemy import Column, Date, DateTime, Integer, String, Table, insert, select

from fundwatch.errors import UsageError, UserError
from fundwatch.home import QUERIES, REFERENCE, Home
from fundwatch.state.db import engine, metadata
from fundwatch.yaml_text import YAMLError, read_yaml

TARGET_PREFIX = "target."
#: a target set to this word is taken away from its effective date on
NO_TARGET = "无"
#: a number, a bound or a range: 100, <=20, 6-9
TARGET_PATTERN = re.compile(r"(<=|>=)?\d+(\.\d+)?|\d+(\.\d+)?-\d+(\.\d+)?")
Value = int | Decimal | str
Entry = TypeVar("Entry")
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]

SETTING = Table(
    "setting",
    metadata,
    Column("setting_id", Integer, primary_key=True),
    Column("key", String(80), nullable=False, index=True),
    Column("value", String(400), nullable=False),
    #: null: since ever
    Column("effective_from", Date),
    Column("why", String(400), nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_at", DateTime, nullable=False),
)


class Dated(BaseModel):
    """A shipped value and the day it begins (null: since ever)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    from_: dt.date | None = Field(alias="from")
    value: Text


class Parameter(BaseModel):
    """One declared parameter; unknown keys, an empty label or a missing source are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text
    kind: Literal["int", "decimal", "text"]
    unit: Text
    values: tuple[Dated, ...]
    source: Text
    source_status: Literal["未核实"] | None = None
    timeless: bool = False
    pattern: Text | None = None
    minimum: int | None = None
    maximum: int | None = None

    @model_validator(mode="after")
    def _shipped_values_fit(self) -> Parameter:
        for dated in self.values:
            self.read(dated.value)
        return self

    def read(self, text: str) -> Value:
        """The text as the parameter's type; raises UsageError saying what is wanted."""
        text = text.strip()
        if self.kind == "text":
            if not text or not re.fullmatch(self.pattern or ".+", text):
                raise UsageError(f"{self.key}({self.label})的值“{text}”不符合要求。")
            return text
        try:
            value: Value = int(text) if self.kind == "int" else Decimal(text)
        except (ValueError, InvalidOperation) as error:
            wanted = "整数" if self.kind == "int" else "数字"
            raise UsageError(f"{self.key}({self.label})的值“{text}”应为{wanted}({self.unit})。") from error
        low, high = self.minimum, self.maximum
        finite = not isinstance(value, Decimal) or value.is_finite()
        if not finite or (low is not None and value < low) or (high is not None and value > high):
            raise UsageError(f"{self.key}({self.label})的值“{text}”超出范围 {low} 至 {high}({self.unit})。")
        return value


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
    """One change made in this home."""

    key: str
    value: str
    effective_from: dt.date | None
    why: str
    set_by: str
    set_at: dt.datetime


@lru_cache(maxsize=1)
def parameters() -> dict[str, Parameter]:
    """Declared parameters by key, in file order; raises UserError naming the fault."""
    path = REFERENCE / "parameters.yaml"
    try:
        found = [Parameter.model_validate(item) for item in read_yaml(path.read_text(encoding="utf-8"))]
    except (ValidationError, UsageError, YAMLError) as error:
        raise UserError(f"参数文件 {path.name} 有误:\n{error}") from error
    found += _of_rules()
    keys = [parameter.key for parameter in found]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise UserError(f"参数文件 {path.name} 重复:{', '.join(twice)}")
    return {parameter.key: parameter for parameter in found}


def _of_rules() -> list[Parameter]:
    """Parameters of the screening rules; they are declared in the header of the rule that uses them."""
    from fundwatch.rules.library import rule_parameters

    return [
        Parameter.model_validate({
            "key": key, "label": f"{rule.rule_id} {rule.header.title}:{declared.label}",
            "kind": "decimal" if "." in declared.value else "int", "unit": declared.unit,
            "values": [{"from": None, "value": declared.value}], "source": declared.source,
            "source_status": declared.source_status, "minimum": declared.minimum, "maximum": declared.maximum,
        })
        for key, (rule, declared) in rule_parameters().items()
    ]  # fmt: skip


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
        return replace(
            base,
            value=read(own.value),
            effective_from=own.effective_from,
            source_status=None,
            why=own.why,
            set_by=own.set_by,
        )

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
        if key.startswith(TARGET_PREFIX):
            if text != NO_TARGET and not TARGET_PATTERN.fullmatch(text):
                raise UsageError(f"目标值“{text}”应写成 100、<=20、>=80 或 6-9,取消目标写“{NO_TARGET}”。")
        else:
            parameters()[key].read(text)
        row = {
            "key": key, "value": text, "effective_from": effective_from, "why": why, "set_by": by,
            "set_at": dt.datetime.now(dt.UTC).replace(tzinfo=None),
        }  # fmt: skip
        with self._engine.begin() as connection:
            connection.execute(insert(SETTING), row)

    def _changes(self) -> list[Change]:
        columns = [SETTING.c[name] for name in ("key", "value", "effective_from", "why", "set_by", "set_at")]
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
