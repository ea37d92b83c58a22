"""The frozen numbers of a meeting: plain values that outlive every build, as JSON and back; amounts stay exact."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Tone = Literal["good", "bad", "attention", "neutral"]


@dataclass(frozen=True)
class FactLine:
    """One KPI (of funds: with its insurance type) as it stood: the engine's number, its words, its last twelve months.

    ``id`` is the KPI's, of funds with the insurance type (payable_months.310). ``number`` None has its reason in ``note``. The last
    ``unripe`` months are still being dealt with.
    """

    id: str
    kpi: str
    insutype: str | None
    part: str
    name: str
    unit: str
    better: str
    owner: str
    is_key: bool
    numerator: Decimal | None
    denominator: Decimal | None
    number: Decimal | None
    goal: str | None
    value: str
    target: str
    gap: str
    tone: Tone
    change: str
    sentence: str
    note: str
    months: tuple[str, ...]
    values: tuple[Decimal | None, ...]
    unripe: int

    @property
    def is_red(self) -> bool:
        """Whether the meeting must say something about it: below its target on the day it had to reach it."""
        return self.tone == "bad"


@dataclass(frozen=True)
class FactTask:
    """One open task of the ledger; ``late_days`` 0: not overdue."""

    task_id: str
    group_name: str
    title: str
    owner: str
    due: dt.date
    progress: int | None
    late_days: int


@dataclass(frozen=True)
class FactCase:
    """One large case; amounts in yuan, None where nothing is recorded."""

    case_id: str
    title: str
    source: str
    institution: str
    state: str
    opened: dt.date
    clock: str
    found: Decimal
    due: Decimal | None
    done: Decimal | None
    balance: Decimal | None


@dataclass(frozen=True)
class FactAlert:
    """One alert that was new or lasting when the meeting was made: since which month, its reason, what a post had said to it."""

    kind: str
    name: str
    state: str
    since: str
    reason: str
    owner: str
    said: str


@dataclass(frozen=True)
class CaseTotals:
    """All cases with an amount in the period: how many, and what they sum to in yuan."""

    count: int
    found: Decimal | None
    due: Decimal | None
    done: Decimal | None


@dataclass(frozen=True)
class Definition:
    """What an indicator means, in the words and with the parameters of the day it was read."""

    kpi: str
    label: str
    unit: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Facts:
    """Everything that a meeting shows of the data. ``day`` is the one clocks are read on; ``no_tasks`` and ``no_cases`` say why
    nothing is known of them (empty: it is known)."""

    county: str
    version: str
    settings_version: str
    period_start: dt.date
    period_end: dt.date
    period_words: str
    day: dt.date
    data_through: dt.date | None
    newest: dt.date | None
    completeness: Decimal | None
    lines: tuple[FactLine, ...]
    tasks: tuple[FactTask, ...]
    no_tasks: str
    cases: tuple[FactCase, ...]
    case_totals: CaseTotals
    no_cases: str
    definitions: tuple[Definition, ...]
    alerts: tuple[FactAlert, ...] = ()

    def line(self, line_id: str) -> FactLine | None:
        """The line of that id."""
        return next((line for line in self.lines if line.id == line_id), None)

    @property
    def red(self) -> tuple[FactLine, ...]:
        """The lines that need a comment, in declared order."""
        return tuple(line for line in self.lines if line.is_red)

    @property
    def late_tasks(self) -> tuple[FactTask, ...]:
        """The overdue tasks, the longest overdue first."""
        return tuple(sorted((t for t in self.tasks if t.late_days), key=lambda t: (-t.late_days, t.task_id)))


def as_text(facts: Facts) -> str:
    """The facts as JSON: keys sorted, amounts and dates as strings, so that equal facts give equal text."""
    return json.dumps(
        dataclasses.asdict(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )


def hash_of(text: str) -> str:
    """The SHA-256 of the text, which the audit log keeps."""
    return hashlib.sha256(text.encode()).hexdigest()


def from_text(text: str) -> Facts:
    """The facts that ``as_text`` wrote."""
    data: dict[str, Any] = json.loads(text)
    return Facts(
        **{
            **data,
            **{name: _day(data[name]) for name in ("period_start", "period_end", "day", "data_through", "newest")},
            "completeness": _amount(data["completeness"]),
            "lines": tuple(_line(each) for each in data["lines"]),
            "tasks": tuple(FactTask(**{**each, "due": _day(each["due"])}) for each in data["tasks"]),
            "cases": tuple(_case(each) for each in data["cases"]),
            "alerts": tuple(FactAlert(**each) for each in data["alerts"]),
            "case_totals": CaseTotals(
                data["case_totals"]["count"],
                *(_amount(data["case_totals"][name]) for name in ("found", "due", "done")),
            ),
            "definitions": tuple(
                Definition(**{**each, "lines": tuple((name, words) for name, words in each["lines"])})
                for each in data["definitions"]
            ),
        }
    )  # fmt: skip


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _amount(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _day(value: str | None) -> Any:
    return None if value is None else dt.date.fromisoformat(value)


def _line(data: Mapping[str, Any]) -> FactLine:
    amounts = {name: _amount(data[name]) for name in ("numerator", "denominator", "number")}
    return FactLine(
        **{
            **data,
            **amounts,
            "months": tuple(data["months"]),
            "values": tuple(_amount(value) for value in data["values"]),
        }
    )


def _case(data: Mapping[str, Any]) -> FactCase:
    amounts = {name: _amount(data[name]) for name in ("found", "due", "done", "balance")}
    return FactCase(**{**data, **amounts, "opened": _day(data["opened"])})
