"""Institutions side by side as a funnel: who lies outside what chance and size explain. No rank is made.

For shares of counts only (r of n cases): an amount of money is no count, and a ratio that may exceed 100 % is no share.
Limits come from all institutions together, widened by overdispersion. Source: reference/statistics §3.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from fundwatch.kpi import Kpi, KpiValue
from fundwatch.screens.map import counts_only
from fundwatch.stats.funnel import FunnelPoint, Limits, Position, proportion_limits, proportions
from fundwatch.stats.words import POSITION
from fundwatch.ui import numbers

#: fewer institutions than this give no limits worth drawing
LEAST_UNITS = 5
CURVE_POINTS = 40
#: names written into the chart; more would lie over each other
NAMED = 8
#: lines of text that fit above each other into the chart, and by how much a size grows over the width of a name
LINES_HIGH, NAME_WIDTH = 18, 3
#: names in the sentence and in the text alternative
SAID = 3
INSTITUTIONS = "家机构"
LEAD = "疑点,未核实"
Meaning = Literal["concern", "favourable", "neutral", "inside"]
OUTER = {Position.BELOW_998, Position.ABOVE_998}
ABOVE = {Position.ABOVE_95, Position.ABOVE_998}


@dataclass(frozen=True)
class Unit:
    """One institution: ``numerator`` of ``denominator`` cases."""

    key: str
    name: str
    numerator: Decimal
    denominator: Decimal


@dataclass(frozen=True)
class Peer:
    """One point. ``value`` and limits in percent; ``meaning`` says what lying there means for this indicator."""

    key: str
    name: str
    numerator: Decimal
    denominator: Decimal
    value: Decimal
    lower_998: Decimal
    upper_998: Decimal
    position: Position
    meaning: Meaning

    @property
    def outside(self) -> bool:
        """Beyond the 99.8 % limits: the points with a name."""
        return self.position in OUTER

    @property
    def words(self) -> str:
        """62.4%(78 / 125),高于99.8%控制限."""
        parts = f"{numbers.plain(self.numerator)} / {numbers.plain(self.denominator)}"
        return f"{numbers.percent(self.value, 2)}({parts}),{POSITION[self.position]}"


@dataclass(frozen=True)
class Edge:
    """The limits in percent for an institution of ``size`` cases."""

    size: float
    lower_998: float
    lower_95: float
    upper_95: float
    upper_998: float


@dataclass(frozen=True)
class PeerView:
    """What a funnel shows; ``why_none`` is set, and nothing is drawn, where limits would mislead.

    ``size_label`` names the cases on the horizontal axis; ``own`` is the key of the institution the screen is about.
    ``without`` counts institutions whose denominator is 0.
    """

    label: str
    size_label: str
    peers: tuple[Peer, ...]
    curve: tuple[Edge, ...]
    centre: Decimal | None
    phi: float
    is_widened: bool
    without: int
    own: str
    why_none: str
    #: measure word and noun of what is compared: 家机构, 条规则, 个岗位
    counted: str = INSTITUTIONS

    @property
    def outside(self) -> list[Peer]:
        """Beyond the 99.8 % limits, in order of their key."""
        return sorted((peer for peer in self.peers if peer.outside), key=lambda peer: peer.key)

    @property
    def named(self) -> list[Peer]:
        """The points that get a label: those outside, at most eight, the larger institutions first; and one's own."""
        chosen = [peer for peer in self.peers if peer.key == self.own]
        for peer in sorted(self.outside, key=lambda peer: (-peer.denominator, peer.key)):
            if len(chosen) < NAMED and not any(self._over_each_other(peer, other) for other in chosen):
                chosen.append(peer)
        return [peer for peer in self.peers if peer in chosen]

    def _over_each_other(self, one: Peer, other: Peer) -> bool:
        """Whether the names of two points would be written over each other: close in height and not far apart in size."""
        span = max(peer.value for peer in self.peers) - min(peer.value for peer in self.peers)
        close = abs(one.value - other.value) * LINES_HIGH < span
        sizes = sorted((float(one.denominator), float(other.denominator)))
        return close and sizes[1] < sizes[0] * NAME_WIDTH

    @property
    def title(self) -> str:
        """The finding: 拒付率:3 家机构高于 99.8% 控制上限,1 家低于下限(疑点,未核实)."""
        if self.why_none:
            return f"{self.label}:{self.why_none}"
        high = sum(peer.position is Position.ABOVE_998 for peer in self.peers)
        low = sum(peer.position is Position.BELOW_998 for peer in self.peers)
        parts = [
            f"{count} {self.counted}{word}"
            for count, word in ((high, "高于 99.8% 控制上限"), (low, "低于 99.8% 控制下限"))
            if count
        ]
        if not parts:
            return f"{self.label}:{len(self.peers)} {self.counted}都在 99.8% 控制限内"
        return f"{self.label}:{','.join(parts)}({LEAD})"

    @property
    def text(self) -> str:
        """The text alternative: how many institutions, their value together, who lies outside."""
        if self.why_none:
            return self.why_none
        named = self.outside[:SAID]
        more = f"等 {len(self.outside)} {self.counted[0]}" if len(self.outside) > SAID else ""
        said = f"{len(self.peers)} {self.counted}合计 {numbers.percent(self.centre, 2)}。"
        if named:
            said += (
                "99.8% 控制限以外:" + ";".join(f"{peer.name} {peer.words}" for peer in named) + f"{more}。"
            )
        else:
            said += f"没有{self.counted[1:]}在 99.8% 控制限以外。"
        own = next((peer for peer in self.peers if peer.key == self.own), None)
        if own is not None and own not in named:
            said += f"{own.name} {own.words}。"
        return said

    @property
    def caption(self) -> str:
        """How to read it, and what was left out."""
        said = "横轴为件数,规模越大控制限越窄;限内高低属正常差异,不作排名。"
        if self.is_widened:
            said += f"{self.counted[1:]}间差异大于偶然(离散系数 {self.phi:.1f}),控制限已相应放宽。"
        if self.without:
            said += f"另有 {self.without} {self.counted[0]}本期没有件数,未画出。"
        return said


def funnel_of_kpi(
    kpi: Kpi, values: Iterable[KpiValue], names: Mapping[str, str], *, own: str = "", size_label: str = ""
) -> PeerView:
    """The funnel of a KPI from its values ``by="fixmedins_code"``; ``names``: code → name.

    Values without a registered institution are left out. ``why_none`` says when the KPI is no share of counts.
    """
    known = [value for value in values if value.key is not None]
    label = size_label or kpi.definition.denominator or "件数"
    reason = _unfit(kpi, known)
    units = [
        Unit(str(value.key), names.get(str(value.key), str(value.key)), value.numerator, value.denominator or Decimal(0))
        for value in known
    ]  # fmt: skip
    if reason:
        return _empty(kpi.label, label, own, reason)
    return funnel_of(kpi.label, units, better=kpi.better, own=own, size_label=label)


def funnel_of(
    label: str,
    units: Sequence[Unit],
    *,
    better: Literal["higher", "lower", "neither"],
    own: str = "",
    size_label: str = "件数",
    counted: str = INSTITUTIONS,
) -> PeerView:
    """The funnel of any share of counts, for lists that are no KPI. Raises ValueError unless 0 ≤ r ≤ n for each."""
    sized = [unit for unit in units if unit.denominator]
    if len(sized) < LEAST_UNITS:
        return _empty(
            label, size_label, own, f"有数值的{counted[1:]}不足 {LEAST_UNITS} {counted[0]},不画控制限"
        )
    found = proportions([(unit.key, Fraction(unit.numerator), Fraction(unit.denominator)) for unit in sized])
    points = {point.key: point for point in found.points}
    peers = tuple(_peer(unit, points[unit.key], better) for unit in sorted(sized, key=lambda one: one.key))
    centre = found.centre or 0.0
    return PeerView(
        label=label,
        size_label=size_label,
        peers=peers,
        curve=_curve(centre, [float(unit.denominator) for unit in sized], found.dispersion.tau2),
        centre=_percent(centre),
        phi=found.dispersion.phi,
        is_widened=found.dispersion.tau2 > 0,
        without=len(units) - len(sized),
        counted=counted,
        own=own,
        why_none="",
    )


def _unfit(kpi: Kpi, values: Sequence[KpiValue]) -> str:
    """Why a KPI gets no funnel, in words; empty when it may have one."""
    if not kpi.is_ratio or kpi.unit != "%":
        return "不是比率,不画控制限"
    if not values:
        return "本期没有按机构的数值"
    if not counts_only(values):
        return "按金额计算的比率不画控制限"
    if any(not 0 <= value.numerator <= (value.denominator or 0) for value in values):
        return "分子可以超过分母,不画控制限"
    return ""


def _empty(label: str, size_label: str, own: str, reason: str) -> PeerView:
    return PeerView(
        label, size_label, (), (), None, 0.0, is_widened=False, without=0, own=own, why_none=reason
    )


def _peer(unit: Unit, point: FunnelPoint, better: str) -> Peer:
    limits = point.limits or Limits(0.0, 0.0, 1.0, 1.0)
    return Peer(
        unit.key,
        unit.name,
        unit.numerator,
        unit.denominator,
        numbers.rounded(unit.numerator * 100 / unit.denominator, 4),
        _percent(limits.lower_998),
        _percent(limits.upper_998),
        point.position,
        _meaning(point.position, better),
    )


def _meaning(position: Position, better: str) -> Meaning:
    if position in {Position.INSIDE, Position.NO_VALUE}:
        return "inside"
    if better == "neither":
        return "neutral"
    return "favourable" if (position in ABOVE) == (better == "higher") else "concern"


def _curve(centre: float, sizes: Sequence[float], tau2: float) -> tuple[Edge, ...]:
    """Limits at sizes spaced evenly on a logarithmic scale: they bend most where institutions are small."""
    low, high = min(sizes), max(sizes)
    step = (high / low) ** (1 / (CURVE_POINTS - 1)) if high > low else 1.0
    found = []
    for number in range(CURVE_POINTS if high > low else 1):
        size = low * step**number
        limits = proportion_limits(centre, size, tau2)
        edges = (limits.lower_998, limits.lower_95, limits.upper_95, limits.upper_998)
        found.append(Edge(round(size, 2), *(round(100 * edge, 3) for edge in edges)))
    return tuple(found)


def _percent(share: float) -> Decimal:
    """Limits are estimates for drawing and words; no account is made of them."""
    return numbers.rounded(Decimal(repr(share)) * 100, 2)
