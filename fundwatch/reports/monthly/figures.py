"""The numbers of a report: each with its four periods, why one has no value, and how it is printed — once for all formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fundwatch import numbers
from fundwatch.reports.monthly.month import When

YUAN, PERCENT, WORKDAYS = "元", "%", "工作日"
_ASCII = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）"})
RISEN = {True: "增加", False: "减少"}
RISEN_SHARE = {True: "提高", False: "下降"}


@dataclass(frozen=True)
class Figure:
    """One number. ``source`` is ``kpi:<id>.value|numerator|denominator`` or ``<page query>.<column>``.

    ``values`` holds the periods it has; one without value has its reason in ``reasons``.
    """

    id: str
    item: str
    label: str
    unit: str
    source: str
    values: Mapping[When, Decimal | None]
    reasons: Mapping[When, str] = field(default_factory=dict)
    decimals: int = 0

    @property
    def now(self) -> Decimal | None:
        return self.values.get(When.NOW)

    @property
    def row_unit(self) -> str:
        """The unit of the figure's row in a table: 元, or 万元 when one of its amounts would not fit a cell to the fen."""
        large = any(value is not None and abs(value) >= numbers.YI for value in self.values.values())
        return "万元" if self.unit == YUAN and large else self.unit

    def cell(self, when: When) -> str:
        """As a table prints it: without unit, "—" where there is none."""
        value = self.values.get(when)
        if self.row_unit != self.unit:
            return numbers.money_in(value, self.row_unit)
        return printed(value, self.unit, self.decimals)

    def words(self, when: When = When.NOW) -> str:
        """As a sentence prints it, with its unit: 26次, 96.15%, 12.34万元."""
        return spoken(self.values.get(when), self.unit, self.decimals)

    def compared(self) -> str:
        """较上月（28次）减少2次，较上年同月（36次）减少10次."""
        return "，".join(self._against(when) for when in (When.BEFORE, When.LAST_YEAR))

    def _against(self, when: When) -> str:
        then = self.values.get(when)
        if then is None or self.now is None:
            return (
                f"{when.value}无可比数据（{self.reasons.get(when) or self.reasons.get(When.NOW, '无数据')}）"
            )
        base = f"（{self.words(when)}）"
        change = self.now - then
        if not change:
            return f"与{when.value}{base}持平"
        return f"较{when.value}{base}{self._change(change)}"

    def _change(self, change: Decimal) -> str:
        if self.unit == PERCENT:
            return f"{RISEN_SHARE[change > 0]}{numbers.plain(abs(change), self.decimals)}个百分点"
        return f"{RISEN[change > 0]}{spoken(abs(change), self.unit, self.decimals)}"

    def record(self) -> dict[str, Any]:
        """Plain JSON values for the submission; amounts are strings."""
        return {
            "id": self.id, "item": self.item, "label": self.label, "unit": self.unit, "source": self.source,
            "decimals": self.decimals, "reasons": {when.value: text for when, text in self.reasons.items()},
            "values": {when.value: None if v is None else format(v, "f") for when, v in self.values.items()},
        }  # fmt: skip

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Figure:
        """The figure that ``record`` gave."""
        values = {When(when): None if v is None else Decimal(v) for when, v in record["values"].items()}
        reasons = {When(when): text for when, text in record["reasons"].items()}
        return cls(**{**record, "values": values, "reasons": reasons})


def official(text: str) -> str:
    """Text from data or other modules with the punctuation of an official document."""
    return text.translate(_ASCII)


def printed(value: Decimal | None, unit: str, decimals: int) -> str:
    """A value as a table cell, in its own unit."""
    return numbers.plain(value, 2 if unit == YUAN else decimals)


def spoken(value: Decimal | None, unit: str, decimals: int) -> str:
    """A value in a sentence; from 1 万元 on amounts are in 万元."""
    if value is None:
        return numbers.NONE
    if unit == YUAN:
        shown = numbers.money(value)
        return f"{shown.text}{shown.unit}"
    return f"{numbers.plain(value, decimals)}{'个工作日' if unit == WORKDAYS else unit}"
