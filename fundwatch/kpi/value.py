"""A KPI's value as it is printed, computed exactly: no binary floats between the rows and the screen."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

PLACES = 10


@dataclass(frozen=True)
class KpiValue:
    """One number. ``by`` and ``key`` are None for the whole; a None key in a split is 未登记; ``value`` None means no value.

    ``start`` and ``end`` are those of the call. ``denominator`` is None for counts and amounts. ``extra`` may hold
    ``pace_per_week``, ``months_used``, ``base_year``, ``base_reason`` and ``reason`` (why there is no value). ``cell`` is the key by
    dimension, in the order of ``by`` (None: 未登记): a printed key of several parts cannot tell a blank part from a missing one.
    ``row_cnt`` is how many rows of the list stand behind the number.
    """

    kpi: str
    start: dt.date
    end: dt.date
    by: str | None
    key: str | None
    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None
    unit: str
    target: str | None
    data_through: dt.date | None
    extra: dict[str, Any] = field(default_factory=dict)
    cell: Mapping[str, str | None] = field(default_factory=dict)
    row_cnt: int = 0

    def record(self) -> dict[str, Any]:
        """The JSON object of cli.md and kpis.md, in its order."""
        return {
            "kpi": self.kpi, "from": self.start, "to": self.end, "by": self.by, "key": self.key,
            "numerator": self.numerator, "denominator": self.denominator, "value": self.value, "unit": self.unit,
            "target": self.target, "data_through": self.data_through, "extra": self.extra,
        }  # fmt: skip


def ratio(numerator: Decimal, denominator: Decimal, scale: int) -> Decimal | None:
    """numerator × scale ÷ denominator, half away from zero to 10 decimals; None when the denominator is 0."""
    if denominator == 0:
        return None
    exact = Fraction(numerator) * scale / Fraction(denominator)
    units, rest = divmod(abs(exact) * 10**PLACES, 1)
    rounded = int(units) + (rest >= Fraction(1, 2))
    return Decimal(rounded if exact >= 0 else -rounded).scaleb(-PLACES)


def pace_per_week(numerator: Decimal, denominator: Decimal, end: dt.date) -> Decimal | None:
    """Institutions to inspect per week for full coverage by 31 December: the rest × 7 ÷ days left, rounded up to 0.1.

    None on 31 December. Source: precise.md, Output.
    """
    days = (dt.date(end.year, 12, 31) - end).days
    if days == 0:
        return None
    tenths = math.ceil(Fraction(denominator - numerator) * 70 / days)
    return Decimal(tenths).scaleb(-1)
