"""Institutions that drift away from those of their level: alerts from the cumulated sum of their monthly percentile.

The percentile, not the value: a change of policy that moves everybody moves nobody's percentile. The alert line is drawn from the
number of alerts that the bureau can look into each month, but never nearer than the published five sigma. An alert is a
lead (疑点,未核实). Source: reference/statistics §3.1 (CUSUM for peers, OpenPrescribing), decisions 102 and 108.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from fundwatch.kpi import Kpi, KpiValue
from fundwatch.stats.cusum import BASELINE, THRESHOLD, Cusum, cusum, percentiles, threshold_for
from fundwatch.stats.words import DRIFT
from fundwatch.ui import numbers

#: what an institution answers for itself, not the bureau's own pace
WATCHED = (
    "reminder_compliance", "reminder_feedback_rate", "override_reason_rate", "rejected_doc_rate", "rejection_rate",
    "avg_inpatient_fee",
)  # fmt: skip
#: a monthly ratio of fewer cases than this jumps by chance alone; such an institution is not watched
LEAST_CASES = 5
#: steps of the alert line
STEP = 0.5
#: an alert stays in the list of open ones for so many months
OPEN_MONTHS = 3
LEAD = "疑点,未核实"
Meaning = Literal["concern", "favourable", "neutral"]


@dataclass(frozen=True)
class Alert:
    """One institution's drift in one KPI: raised in ``month``, begun in ``since``; percentiles 0 to 100 among its level.

    ``value`` is the KPI's value in ``month``, in its unit.
    """

    kpi: Kpi
    code: str
    name: str
    level: str
    month: str
    since: str
    direction: Literal["up", "down"]
    meaning: Meaning
    value: Decimal
    percentile_before: Decimal
    percentile: Decimal

    @property
    def words(self) -> str:
        """事前提醒遵从率自2026年4月起相对同类持续下降(百分位 71 → 12),2026年9月触发预警(疑点,未核实)."""
        return (
            f"{self.kpi.label}自{numbers.month(self.since)}起{DRIFT[self.direction]}"
            f"(百分位 {numbers.plain(self.percentile_before)} → {numbers.plain(self.percentile)}),"
            f"{numbers.month(self.month)}触发预警({LEAD})"
        )


@dataclass(frozen=True)
class Alerts:
    """All alerts of the months watched, newest first. ``line`` is the alert line in sigma, None when nothing can be watched.

    ``watched`` series (institution and KPI) are long and large enough, ``left_out`` are not; ``why_none`` says why there are none.
    """

    found: tuple[Alert, ...]
    line: float | None
    watched: int
    left_out: int
    months: tuple[str, ...]
    budget: Decimal
    why_none: str

    @property
    def open(self) -> list[Alert]:
        """Those of the last three months that mean something to look into: not the ones to the better."""
        recent = set(self.months[-OPEN_MONTHS:])
        return [alert for alert in self.found if alert.month in recent and alert.meaning != "favourable"]

    @property
    def text(self) -> str:
        """One sentence: how many are open, how the line was drawn, what is not watched."""
        if self.why_none:
            return f"{self.why_none}。"
        said = (
            f"近 {OPEN_MONTHS} 个月 {len(self.open)} 件持续偏离预警({LEAD})"
            if self.open
            else f"近 {OPEN_MONTHS} 个月没有持续偏离预警"
        )
        said += f";预警线 {self.line:.1f} 倍标准差,按历史每月不超过 {self.budget.normalize():f} 件确定;监测 {self.watched} 个机构指标"
        return said + (f",{self.left_out} 个因月份或件数太少未监测。" if self.left_out else "。")


@dataclass(frozen=True)
class _Track:
    """One institution in one KPI: value and percentile per month, over its level."""

    kpi: Kpi
    code: str
    level: str
    values: Sequence[Decimal | None]
    ranks: Sequence[float | None]


def alerts(
    values: Mapping[str, Iterable[KpiValue]],
    kpis: Mapping[str, Kpi],
    months: Mapping[str, Sequence[str]],
    *,
    names: Mapping[str, str],
    levels: Mapping[str, str],
    budget: Decimal,
) -> Alerts:
    """Alerts over several KPIs within one budget of ``budget`` alerts a month for all of them together.

    ``values``: KPI → its values ``by="fixmedins_code,month"``; ``months``: KPI → the whole, ripe months, oldest first; ``names`` and
    ``levels``: code → name and level (the peers). Institutions without a level are left out.
    """
    tracks: list[_Track] = []
    left_out = 0
    for name, own in values.items():
        made, small = _tracks(kpis[name], own, months[name], levels)
        tracks += made
        left_out += small
    watched = [track for track in tracks if sum(rank is not None for rank in track.ranks) > BASELINE]
    left_out += len(tracks) - len(watched)
    newest = max((tuple(one) for one in months.values() if one), key=lambda one: one[-1], default=())
    if not watched:
        why = f"逐月数据不足 {BASELINE + 1} 个月或每月不足 {LEAST_CASES} 件,暂不能监测持续偏离"
        return Alerts((), None, 0, left_out, newest, budget, why)
    line = _line([track.ranks for track in watched], float(budget))
    found = [
        alert
        for track in watched
        for alert in _alerts_of(track, months[track.kpi.id], line, names)
    ]  # fmt: skip
    found.sort(key=lambda one: (one.kpi.order, one.code))
    found.sort(key=lambda one: one.month, reverse=True)
    return Alerts(tuple(found), line, len(watched), left_out, newest, budget, "")


def _tracks(
    kpi: Kpi, values: Iterable[KpiValue], months: Sequence[str], levels: Mapping[str, str]
) -> tuple[list[_Track], int]:
    """The series of one KPI by institution with their percentiles, and how many institutions have too few cases."""
    cells: dict[str, dict[str, KpiValue]] = defaultdict(dict)
    for number in values:
        code, _, month = str(number.key or "").rpartition(",")
        if code in levels:
            cells[code][month] = number
    by_level: dict[str, dict[str, list[Decimal | None]]] = defaultdict(dict)
    small = 0
    for code, cell in cells.items():
        if _too_few(kpi, [cell[month] for month in months if month in cell]):
            small += 1
            continue
        by_level[levels[code]][code] = [cell[month].value if month in cell else None for month in months]
    tracks = []
    for level, series in by_level.items():
        for code, ranks in percentiles(series).items():
            tracks.append(_Track(kpi, code, level, series[code], ranks))
    return tracks, small


def _too_few(kpi: Kpi, known: Sequence[KpiValue]) -> bool:
    """Whether a share of counts rests on a handful of cases a month."""
    if not kpi.is_ratio or not known:
        return not known
    if any(
        int(number.denominator.as_tuple().exponent) < 0 for number in known if number.denominator is not None
    ):
        return False  # money: the number of cases behind it is not known here
    return sum(number.denominator or Decimal(0) for number in known) < LEAST_CASES * len(known)


def _line(history: Sequence[Sequence[float | None]], budget: float) -> float:
    """The alert line: five sigma, or as much further as keeps the alerts within the budget."""
    watched_months = max(sum(rank is not None for rank in series) for series in history) - BASELINE
    if sum(len(cusum(series).alerts) for series in history) <= budget * watched_months:
        return THRESHOLD
    chosen = threshold_for(history, alerts_per_month=budget, step=STEP)
    return max(THRESHOLD, chosen.threshold) if chosen else THRESHOLD


def _alerts_of(track: _Track, months: Sequence[str], line: float, names: Mapping[str, str]) -> list[Alert]:
    run = cusum(track.ranks, threshold=line)
    found = []
    for place in run.alerts:
        direction = run.steps[place].alert
        value, rank = track.values[place], track.ranks[place]
        if direction is None or value is None or rank is None:
            continue
        began = _began(run, place, direction)
        before = [one for one in track.ranks[:began] if one is not None][-BASELINE:]
        found.append(
            Alert(
                track.kpi,
                track.code,
                names.get(track.code, track.code),
                track.level,
                months[place],
                months[began],
                direction,
                _meaning(track.kpi, direction),
                value,
                numbers.rounded(Decimal(repr(sum(before) / len(before))), 1),
                numbers.rounded(Decimal(repr(rank)), 1),
            )
        )
    return found


def _began(run: Cusum, place: int, direction: Literal["up", "down"]) -> int:
    """The first month of the climb that ended in the alert: the one after the sum was last nought."""
    first = place
    for position in range(place - 1, -1, -1):
        step = run.steps[position]
        height = step.upper if direction == "up" else step.lower
        # a month without value, or one of the baseline
        if height is None:
            continue
        if height <= 0 or step.alert:
            break
        first = position
    return first


def _meaning(kpi: Kpi, direction: str) -> Meaning:
    if kpi.better == "neither":
        return "neutral"
    return "favourable" if (direction == "up") == (kpi.better == "higher") else "concern"
