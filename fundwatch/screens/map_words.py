"""The sentences of 机构地图, made from its numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fundwatch.kpi import Kpi
from fundwatch.screens.map import Drawn, Shade, Spot, View, is_yes_no, yes_no_words
from fundwatch.ui import numbers


def finding(kpi: Kpi, view: View, period_words: str) -> str:
    """One sentence made from the numbers of the map."""
    total = len(view.spots)
    lead = f"{period_words},{total:,} 家机构"
    if view.missing:
        return f"{lead}都没有“{kpi.label}”数值({view.missing})。"
    if is_yes_no(kpi):
        yes, no = yes_no_words(kpi)
        outside = view.count(Shade.NONE)
        rest = f",另有 {outside:,} 家不在统计范围" if outside else ""
        none = [spot for spot in view.spots if spot.shade is Shade.NO]
        return f"{lead}中,{view.count(Shade.YES):,} 家{yes},{len(none):,} 家{no}{_most(none)}{rest}。"
    with_value = total - view.count(Shade.NONE)
    sentence = f"{lead}中,{with_value:,} 家有“{kpi.label}”数值{_spread(kpi, view)}"
    if not view.limits_used:
        return f"{sentence}。"
    leads = view.count(Shade.LEAD)
    if leads:
        return f"{sentence};{leads:,} 家超出同级别机构的 99.8% 控制限,建议先看(疑点,未核实)。"
    return f"{sentence};没有机构超出同级别机构的 99.8% 控制限。"


def _spread(kpi: Kpi, view: View) -> str:
    """,一半不超过 0.12%、九成不超过 0.91%: values that institutions have, where there are ten of them; nobody is named."""
    values = sorted(spot.value for spot in view.spots if spot.value is not None)
    if len(values) < 10 or values[0] == values[-1]:
        return ""
    half, most = (values[-(-len(values) * tenths // 10) - 1] for tenths in (5, 9))
    return f",一半不超过 {numbers.shown(half, kpi.unit, 2)}、九成不超过 {numbers.shown(most, kpi.unit, 2)}"


def _most(spots: Sequence[Spot]) -> str:
    """(最多的是药店 98 家), where there is more than one level among them."""
    counts: dict[str, int] = defaultdict(int)
    for spot in spots:
        counts[spot.level] += 1
    if len(counts) < 2:
        return ""
    level, count = max(counts.items(), key=lambda item: (item[1], item[0]))
    return f"(最多的是{level},{count:,} 家)"


def off_map_words(view: View) -> str:
    """未绘出 6 家:没有坐标 5 家、坐标在县界外 1 家, or an empty string."""
    parts = [f"{kind.value} {count:,} 家" for kind in Drawn if kind is not Drawn.DRAWN
             and (count := sum(spot.drawn is kind for spot in view.spots))]  # fmt: skip
    return f"未在图上绘出 {len(view.off_map):,} 家:{'、'.join(parts)}。" if parts else ""


def months_words(months: Sequence[str]) -> str:
    """2026年1月至2026年10月, or that there is no whole month."""
    if not months:
        return "期间内没有完整的月份"
    first, last = numbers.month(months[0]), numbers.month(months[-1])
    return first if first == last else f"{first}至{last}"
