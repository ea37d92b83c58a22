"""Which target is in force on a day, and whether a value stands well against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from fundwatch.kpi.declaration import Kpi, Target
from fundwatch.kpi.value import KpiValue
from fundwatch.settings import NO_TARGET, Values


def declared_target(
    kpi: Kpi, on: dt.date, first_data: dt.date | None, key: Mapping[str, str | None]
) -> Target | None:
    """The declaration's target in force on that day for that key; None before its first effective date."""
    begun = [
        (begin, position)
        for position, target in enumerate(kpi.targets)
        if (begin := first_data if target.from_ == "first_data" else target.from_) is not None
        and begin <= on
        and all(key.get(name) == value for name, value in target.only.items())
    ]
    return kpi.targets[max(begun)[1]] if begun else None


def target_in_force(
    kpi: Kpi, settings: Values, on: dt.date, first_data: dt.date | None, key: Mapping[str, str | None]
) -> str | None:
    """The target printed beside a value: the home's own where it set one, else the declaration's."""
    own = settings.target(kpi.id, on)
    if own is not None:
        return None if own == NO_TARGET else own
    declared = declared_target(kpi, on, first_data, key)
    return declared.value if declared else None


def meets(value: Decimal, target: str, better: str) -> bool:
    """Whether a value meets a target written as a number, a bound (<=20, >=80) or a range (6-9)."""
    if target.startswith("<="):
        return value <= Decimal(target[2:])
    if target.startswith(">="):
        return value >= Decimal(target[2:])
    low, dash, high = target.partition("-")
    if dash:
        return Decimal(low) <= value <= Decimal(high)
    return value <= Decimal(target) if better == "lower" else value >= Decimal(target)


def standing(kpi: Kpi, number: KpiValue) -> Literal["good", "bad"] | None:
    """Good or bad against the target, or None where colour would say more than is known.

    None: no value or target, no direction, a source that is 未核实, and a yearly target that need not be reached yet.
    """
    if number.value is None or number.target is None or kpi.better == "neither":
        return None
    declared = next((target for target in kpi.targets if target.value == number.target), None)
    if kpi.source_status or (declared and declared.source_status):
        return None
    if meets(number.value, number.target, kpi.better):
        return "good"
    reach_by = next((target.reach_by for target in kpi.targets if target.reach_by), None)
    if reach_by and number.end < dt.date.fromisoformat(f"{number.end.year}-{reach_by}"):
        return None
    return "bad"
