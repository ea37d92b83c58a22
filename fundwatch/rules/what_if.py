"""What a changed parameter would do to a rule's hits, before anyone changes it; and changing it from a day on.

Both sides are run on the warehouse as it stands, nothing is written: before with the values in force (those of each month's last
day, as a build takes them), after with the changed ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fundwatch.build.hit_run import stretches
from fundwatch.build.hit_texts import month_end
from fundwatch.errors import UsageError
from fundwatch.progress import Step, silent
from fundwatch.rules.library import Rule, rules_named
from fundwatch.rules.run import Look, Source, Values, run
from fundwatch.settings import Settings, Value, parameters

NO_AMOUNT = "M0"
NAMES = "select fixmedins_code, fixmedins_name from dim_institution"


@dataclass(frozen=True)
class Cell:
    """Hits and yuan of a month, an institution or in all. Amounts None: the rule has none.

    ``added`` and ``removed`` are hits on one side only.
    """

    key: str | None
    name: str | None
    hits_before: int
    hits_after: int
    amount_before: Decimal | None
    amount_after: Decimal | None
    added: int
    removed: int


@dataclass(frozen=True)
class WhatIf:
    """The answer. ``status`` other than 已运行: the rule cannot run, ``missing`` says why, and there are no numbers.

    ``values`` holds per parameter those in force in the period, in order of time, and the one asked for (None: as it is).
    """

    rule_id: str
    title: str
    status: str
    missing: tuple[str, ...]
    start: dt.date
    end: dt.date
    values: dict[str, tuple[list[str], str | None]]
    total: Cell | None
    by_month: tuple[Cell, ...]
    by_institution: tuple[Cell, ...]


@dataclass(frozen=True)
class _Fixed:
    """Values that are the same on every day."""

    by_key: Mapping[str, Any]

    def get(self, key: str, on: dt.date) -> Any:
        return self.by_key[key]


def what_if(
    warehouse: Source,
    settings: Values,
    rule_id: str,
    changes: Mapping[str, str],
    *,
    start: dt.date,
    end: dt.date,
    step: Step = silent,
) -> WhatIf:
    """Hits and amount of settlements in [start, end], with the values in force and with the changed ones.

    ``changes``: parameter (``gap_days`` or ``r040_gap_days``) → value as text. Raises UsageError for an unknown rule or parameter, a
    value out of range, no change at all, or a period turned round.
    """
    rule = rules_named([rule_id])[0]
    changed = _read(rule, changes)
    if start > end:
        raise UsageError(f"期间有误:开始 {start} 晚于结束 {end}。")
    parts = stretches(rule, _months(start, end), settings)
    values = {
        name: (
            list(dict.fromkeys(str(params[name]) for _, _, params in parts)),
            str(changed[name]) if name in changed else None,
        )
        for name in rule.header.params
    }
    status, missing = Look(warehouse).standing(rule)
    if status != "已运行":
        return WhatIf(rule.rule_id, rule.header.title, status, missing, start, end, values, None, (), ())
    before: dict[str, dict[str, Any]] = {}
    after: dict[str, dict[str, Any]] = {}
    for done, (first, last, params) in enumerate(parts):
        period = max(start, dt.date.fromisoformat(f"{first}-01")), min(end, month_end(last))
        step(f"{first} 至 {last}", done, len(parts))
        before |= _hits(warehouse, rule, params, *period)
        after |= _hits(warehouse, rule, {**params, **changed}, *period)
    names = {row["fixmedins_code"]: row["fixmedins_name"] for row in warehouse.query(NAMES).to_pylist()}
    has_amount = rule.header.amount_method != NO_AMOUNT
    return WhatIf(
        rule.rule_id, rule.header.title, status, missing, start, end, values,
        _cell(None, None, before, after, has_amount=has_amount),
        tuple(_cells(before, after, lambda hit: f"{hit['hit_date']:%Y-%m}", {}, has_amount=has_amount)),
        tuple(_cells(before, after, lambda hit: hit["fixmedins_code"], names, has_amount=has_amount)),
    )  # fmt: skip


def adopt(
    settings: Settings,
    rule_id: str,
    changes: Mapping[str, str],
    *,
    effective_from: dt.date | None,
    why: str,
    by: str,
) -> list[str]:
    """Set the changed parameters from a day on (None: since ever); gives the keys set. The next build takes them.

    Raises UsageError before anything is set when one value does not fit.
    """
    rule = rules_named([rule_id])[0]
    read = _read(rule, changes)
    keys = [rule.setting_key(name) for name in read]
    for key, value in zip(keys, read.values(), strict=True):
        settings.set(key, str(value), effective_from, why, by)
    return keys


def _read(rule: Rule, changes: Mapping[str, str]) -> dict[str, Value]:
    """Changes by the parameter's own name, each value read as settings read it."""
    if not rule.header.params:
        raise UsageError(f"规则 {rule.rule_id} {rule.header.title} 没有可调的参数。")
    if not changes:
        raise UsageError(f"请写明要试的参数值。可用的参数:{'、'.join(rule.header.params)}。")
    found = {}
    for given, text in changes.items():
        name = given.removeprefix(f"{rule.rule_id}_")
        if name not in rule.header.params:
            raise UsageError(
                f"规则 {rule.rule_id} 没有参数 {given}。可用的参数:{'、'.join(rule.header.params)}。"
            )
        found[name] = parameters()[rule.setting_key(name)].read(text)
    return found


def _hits(
    warehouse: Source, rule: Rule, params: Mapping[str, Any], start: dt.date, end: dt.date
) -> dict[str, dict[str, Any]]:
    fixed = _Fixed({rule.setting_key(name): value for name, value in params.items()})
    found = run(warehouse, fixed, [rule], start, end).hits.drop_columns(["evidence"])
    return {hit["setl_id"]: hit for hit in found.to_pylist()}


def _cells(
    before: Mapping[str, dict[str, Any]],
    after: Mapping[str, dict[str, Any]],
    key_of: Any,
    names: Mapping[str, str],
    *,
    has_amount: bool,
) -> Iterable[Cell]:
    """One cell per key with a hit on either side, in the order of the keys."""
    keys = {key_of(hit) for hit in (*before.values(), *after.values())}
    for key in sorted(keys, key=lambda key: (key is None, key)):
        sides = [
            {setl_id: hit for setl_id, hit in side.items() if key_of(hit) == key} for side in (before, after)
        ]
        yield _cell(key, names.get(key), *sides, has_amount=has_amount)


def _cell(
    key: str | None,
    name: str | None,
    before: Mapping[str, dict[str, Any]],
    after: Mapping[str, dict[str, Any]],
    *,
    has_amount: bool,
) -> Cell:
    amounts = [
        sum((hit["amount_at_issue"] or Decimal(0) for hit in side.values()), Decimal("0.00"))
        if has_amount
        else None
        for side in (before, after)
    ]
    return Cell(
        key, name, len(before), len(after), *amounts, len(after.keys() - before.keys()), len(before.keys() - after.keys())
    )  # fmt: skip


def _months(start: dt.date, end: dt.date) -> list[str]:
    found, day = [], start.replace(day=1)
    while day <= end:
        found.append(f"{day:%Y-%m}")
        day = month_end(found[-1]) + dt.timedelta(days=1)
    return found
