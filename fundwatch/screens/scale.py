"""A scale of at most five steps with words, for colours that a person reads back from a legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from fundwatch.kpi import Kpi
from fundwatch.ui import numbers

STEP_WORDS = {
    5: ("很低", "较低", "中等", "较高", "很高"),
    4: ("低", "较低", "较高", "高"),
    3: ("低", "中", "高"),
    2: ("低", "高"),
    1: ("",),
}


@dataclass(frozen=True)
class Scale:
    """Steps of a scale: values up to and with ``edges[i]`` are in step i, larger ones in the last."""

    edges: tuple[Decimal, ...]
    words: tuple[str, ...]

    def step(self, value: Decimal) -> int:
        """The step of a value, from 0."""
        return next((number for number, edge in enumerate(self.edges) if value <= edge), len(self.edges))


def scale_of(values: Sequence[Decimal], kpi: Kpi) -> Scale | None:
    """Steps of 20 points for a percentage, otherwise fifths of the institutions at round edges; None without values.

    A percentage that leaves more than nine tenths of the institutions in one step of 20 points takes fifths as well, where
    these tell more of them apart: rejection rates lie between 0 and 3 %, and one colour would say nothing.
    """
    if not values:
        return None
    edges = fifths(values)
    if kpi.unit == "%" and all(0 <= value <= 100 for value in values):
        fixed = tuple(Decimal(edge) for edge in (20, 40, 60, 80))
        if _fullest(values, fixed) * 10 <= len(values) * 9 or _fullest(values, edges) >= _fullest(
            values, fixed
        ):
            edges = fixed
    if not edges:
        low, high = (str(numbers.shown(value, kpi.unit)) for value in (min(values), max(values)))
        return Scale((), (f"都是 {low}" if low == high else f"{low}至 {high}",))
    return Scale(edges, _scale_words(edges, kpi))


def _fullest(values: Sequence[Decimal], edges: Sequence[Decimal]) -> int:
    """How many values lie in the step that holds most of them."""
    found = Scale(tuple(edges), ())
    return max(Counter(found.step(value) for value in values).values())


def _round_edge(value: Decimal) -> Decimal:
    """Two significant digits: an edge is read, not calculated with."""
    return Decimal(0) if not value else Decimal(f"{value:.1e}")


def _scale_words(edges: Sequence[Decimal], kpi: Kpi) -> tuple[str, ...]:
    lead = STEP_WORDS[len(edges) + 1]
    money = numbers.money_unit(edges) if kpi.unit == "元" else ""

    def say(value: Decimal) -> str:
        if money and not value:
            return "0 元"
        if money:
            return f"{numbers.money_in(value, money)} {money}"
        decimals = max(0, -int(value.normalize().as_tuple().exponent))
        return f"{numbers.plain(value, decimals)}{kpi.unit if kpi.unit == '%' else f' {numbers.beside(kpi.unit)}'}"

    spans = [f"{say(edges[0])}及以下" if edges[0] else say(edges[0])]
    spans += [f"{say(low)}以上至{say(high)}" for low, high in pairwise(edges)]
    spans.append(f"{say(edges[-1])}以上")
    return tuple(f"{word} {span}".strip() for word, span in zip(lead, spans, strict=True))


def density_scale(values: Sequence[Decimal]) -> Scale | None:
    """Steps for something per 10,000 residents; None without values."""
    edges = fifths(values)
    if not values:
        return None
    if not edges:
        return Scale((), ("有数值",))
    words = [numbers.plain(edge, 1) for edge in edges]
    if len(set(words)) < len(words):
        words = [numbers.plain(edge, 2) for edge in edges]
    spans = [f"{words[0]} 及以下", *(f"{a} 以上至 {b}" for a, b in pairwise(words)), f"{words[-1]} 以上"]
    return Scale(
        edges, tuple(f"{word} {span}" for word, span in zip(STEP_WORDS[len(spans)], spans, strict=True))
    )


def fifths(values: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Edges between fifths of the values, rounded for reading; fewer where many are alike."""
    if not values:
        return ()
    ordered = sorted(values)
    at = [ordered[min(len(ordered) - 1, len(ordered) * part // 5)] for part in (1, 2, 3, 4)]
    return tuple(sorted({_round_edge(edge) for edge in at} - {_round_edge(ordered[-1])}))
