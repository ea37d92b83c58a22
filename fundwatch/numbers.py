"""Numbers and dates as printed, on screen and in documents: from Decimal, rounded half away from zero, "—" where there is no value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NONE = "—"
WAN = Decimal(10_000)
YI = Decimal(100_000_000)
#: units that count things: no decimals
COUNTS = frozenset({"家", "次", "人", "人次", "件", "条", "张", "例", "行", "个"})
Number = Decimal | int


@dataclass(frozen=True)
class Shown:
    """A value as a tile shows it: figure, unit beside it, and a note (亿元 for large sums)."""

    text: str
    unit: str
    note: str = ""

    def __str__(self) -> str:
        return self.text if self.text == NONE else f"{self.text}{_gap(self.unit)}{self.unit}"


def rounded(value: Number, decimals: int) -> Decimal:
    """Rounded half away from zero, never "-0"."""
    result = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def plain(value: Number | None, decimals: int = 0) -> str:
    """12,345.60 — thousands separated."""
    return NONE if value is None else f"{rounded(value, decimals):,}"


def money(value: Number | None) -> Shown:
    """An amount in 元 for a tile: 元 below 1 万元, else 万元, from 1 亿元 on with a note; 2 decimals."""
    if value is None:
        return Shown(NONE, "元")
    if abs(value) < WAN:
        return Shown(plain(value, 2), "元")
    note = f"{plain(Decimal(value) / YI, 2)} 亿元" if abs(value) >= YI else ""
    return Shown(plain(Decimal(value) / WAN, 2), "万元", note)


def money_unit(values: Iterable[Number | None]) -> str:
    """The one unit of a table column: 元 when every amount is below 1 万元, else 万元."""
    return "元" if all(value is None or abs(value) < WAN for value in values) else "万元"


def money_in(value: Number | None, unit: str) -> str:
    """An amount in 元 written in 元 or 万元 with 2 decimals, without the unit."""
    if value is None:
        return NONE
    return plain(Decimal(value) / WAN if unit == "万元" else value, 2)


def percent(value: Number | None, decimals: int = 1) -> str:
    """88.8% — 1 decimal on tiles, 2 in lists."""
    return NONE if value is None else f"{plain(value, decimals)}%"


def points(difference: Number | None, decimals: int = 1) -> str:
    """A difference of two percentages: +1.2 个百分点."""
    return NONE if difference is None else f"{signed(difference, decimals)} 个百分点"


def signed(value: Number, decimals: int = 0) -> str:
    """+1,234 or -1,234; 0 has no sign."""
    result = rounded(value, decimals)
    return f"{result:+,}" if result else f"{result:,}"


def shown(value: Number | None, unit: str, decimals: int = 1) -> Shown:
    """A KPI's value for a tile, in its own unit (money switches to 万元)."""
    if unit == "元":
        return money(value)
    return Shown(plain(value, 0 if unit in COUNTS else decimals), beside(unit))


def beside(unit: str) -> str:
    """The unit as it stands beside a figure: 8.1 月 would read as August."""
    return "个月" if unit == "月" else unit


def in_list(value: Number | None, unit: str, decimals: int = 2) -> str:
    """A KPI's value for a list cell: no unit, since the header has it; money in 万元."""
    if unit == "元":
        return money_in(value, "万元")
    return plain(value, 0 if unit in COUNTS else decimals)


def list_unit(unit: str) -> str:
    """The unit that the header of such a column carries."""
    return "万元" if unit == "元" else unit


def difference(new: Number, old: Number, unit: str, decimals: int = 1) -> str:
    """The change between two values in words: +1.2 个百分点, -12.40 万元, +3 家."""
    change = Decimal(new) - Decimal(old)
    if unit == "%":
        return points(change, decimals)
    if unit == "元":
        as_money = money(abs(change))
        sign = "" if not rounded(change, 2) else ("+" if change > 0 else "-")
        return f"{sign}{as_money.text} {as_money.unit}"
    return f"{signed(change, 0 if unit in COUNTS else decimals)} {beside(unit)}"


def date(day: dt.date | None) -> str:
    """2024-06-30."""
    return NONE if day is None else f"{day:%Y-%m-%d}"


def month(day: dt.date | str | None) -> str:
    """2024年6月, from a day or from "2024-06"."""
    if day is None:
        return NONE
    if isinstance(day, str):
        day = dt.date.fromisoformat(f"{day[:7]}-01")
    return f"{day.year}年{day.month}月"


def _gap(unit: str) -> str:
    return "" if unit in {"%", "‰"} else " "
