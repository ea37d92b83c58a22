"""A value against its target, in words: the gap and whether it stands well."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from fundwatch.kpi import Kpi, KpiValue, standing
from fundwatch.kpi.targets import meets
from fundwatch.ui import numbers

Tone = Literal["good", "bad", "attention", "neutral"]
#: colour never comes alone: each tone has a word and an icon of the bundled set
TONE_WORDS: dict[Tone, str] = {"good": "达标", "bad": "未达标", "attention": "关注", "neutral": ""}
TONE_ICONS: dict[Tone, str] = {
    "good": ":material/check_circle:", "bad": ":material/error:", "attention": ":material/schedule:",
    "neutral": "",
}  # fmt: skip
#: names of the theme's colours
TONE_COLOURS: dict[Tone, Literal["green", "red", "orange", "gray"]] = {
    "good": "green", "bad": "red", "attention": "orange", "neutral": "gray",
}  # fmt: skip

#: decimals on a tile, and where one would hide that a target is missed
USUAL, CLOSE = 1, 2


@dataclass(frozen=True)
class Against:
    """A value against its target: tone, the target in words (目标 100%) and the gap in words."""

    tone: Tone
    target: str
    gap: str

    @property
    def words(self) -> str:
        """目标 100% · 差 12.3 个百分点."""
        return " · ".join(part for part in (self.target, self.gap) if part)


def against(kpi: Kpi, number: KpiValue) -> Against:
    """The value against the target in force. Without target or value the words say so, without colour."""
    if number.target is None:
        return Against("neutral", "" if kpi.better == "neither" else "未设目标", "")
    target = f"目标 {target_words(number.target, kpi.unit)}"
    if _unverified(kpi, number):
        target = f"参考线(来源未核实) {target_words(number.target, kpi.unit)}"
    if number.value is None:
        return Against("neutral", target, "")
    stands = standing(kpi, number)
    gap = gap_words(number.value, number.target, kpi)
    if stands is None:
        met = meets(number.value, number.target, kpi.better)
        due = next((t.reach_by for t in kpi.targets if t.reach_by), None)
        pending = due is not None and not met and not _unverified(kpi, number)
        return Against("attention" if pending else "neutral", target, gap)
    return Against(stands, target, gap)


def target_words(target: str, unit: str) -> str:
    """100 → 100%, <=20 → 不超过 20 工作日, 6-9 → 6 至 9 个月."""
    beside = unit if unit in {"%", "‰"} else f" {numbers.beside(unit)}"
    if target.startswith("<="):
        return f"不超过 {target[2:]}{beside}"
    if target.startswith(">="):
        return f"不低于 {target[2:]}{beside}"
    low, dash, high = target.partition("-")
    return f"{low} 至 {high}{beside}" if dash else f"{target}{beside}"


def gap_words(value: Decimal, target: str, kpi: Kpi) -> str:
    """差 12.3 个百分点, 超 2 家, 已达到; a gap too small for one decimal gets a second one, for two it says so."""
    if meets(value, target, kpi.better):
        return "已达到"
    bound = _bound(value, target)
    lead = "超" if value > bound else "差"
    asked = (max(value, bound), min(value, bound), kpi.unit)
    if not numbers.rounded(value - bound, CLOSE):
        return f"{lead}不足 {Decimal(1).scaleb(-CLOSE)} {'个百分点' if kpi.unit == '%' else numbers.beside(kpi.unit)}"
    return f"{lead} {numbers.difference(*asked, _decimals(value, target, kpi)).lstrip('+')}"


def decimals_told(kpi: Kpi, number: KpiValue) -> int:
    """How many decimals a tile shows: one, or two where a missed target would look reached with one."""
    if number.value is None or number.target is None or meets(number.value, number.target, kpi.better):
        return USUAL
    return _decimals(number.value, number.target, kpi)


def _decimals(value: Decimal, target: str, kpi: Kpi) -> int:
    """Two where the value, or its gap, rounded to one decimal would look as if the target were met."""
    looks_met = meets(numbers.rounded(value, USUAL), target, kpi.better)
    return CLOSE if looks_met or not numbers.rounded(value - _bound(value, target), USUAL) else USUAL


def _bound(value: Decimal, target: str) -> Decimal:
    """The end of the target that the value misses."""
    if target[:2] in {"<=", ">="}:
        return Decimal(target[2:])
    low, dash, high = target.partition("-")
    return Decimal(low) if not dash or value < Decimal(low) else Decimal(high)


def target_line(target: str | None) -> Decimal | None:
    """Where a chart draws the target; the lower end of a range, None without one."""
    if target is None:
        return None
    return Decimal(target.removeprefix("<=").removeprefix(">=").partition("-")[0])


def _unverified(kpi: Kpi, number: KpiValue) -> bool:
    declared = next((target for target in kpi.targets if target.value == number.target), None)
    return bool(kpi.source_status or (declared and declared.source_status))
