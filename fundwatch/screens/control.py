"""One KPI by month with its control limits, as plain records for the chart, its sentence, its table and its text alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pyarrow as pa

from fundwatch.kpi import Kpi
from fundwatch.screens.fields import Field
from fundwatch.screens.series import Series
from fundwatch.stats.limits import TRIAL_BELOW
from fundwatch.stats.words import RULE, VARIATION, assurance_words
from fundwatch.stats.xmr import Assurance, Point, Variation
from fundwatch.ui import numbers
from fundwatch.ui.targets import target_line, target_words

#: months that the chart shows; limits may rest on more
MONTHS_SHOWN = 24
LEAST_DRAWN = 3
SIGNS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
PARTIAL, UNRIPE = "不完整", "办理中"
Meaning = Literal["common", "improvement", "concern", "neutral", "open"]
MEANING: Mapping[Variation, Meaning] = {
    Variation.COMMON: "common", Variation.IMPROVEMENT: "improvement", Variation.CONCERN: "concern",
    Variation.NEUTRAL_HIGH: "neutral", Variation.NEUTRAL_LOW: "neutral",
}  # fmt: skip


@dataclass(frozen=True)
class Month:
    """One point. ``value`` in the unit drawn; ``note`` says why it is hollow, or by which rule it is special."""

    month: str
    value: Decimal | None
    meaning: Meaning
    note: str


@dataclass(frozen=True)
class Stretch:
    """Mean and limits of some months in the unit drawn; an impossible limit is None. ``reason``: why they begin anew here."""

    first: str
    last: str
    mean: Decimal
    lower: Decimal | None
    upper: Decimal | None
    is_trial: bool
    reason: str | None


@dataclass(frozen=True)
class Event:
    """A thin vertical with its word: an event of the ledger, or where limits begin anew."""

    month: str
    word: str
    sign: str = ""


@dataclass(frozen=True)
class ControlView:
    """What a control chart shows. Without stretches it is a plain line: ``why_no_limits`` says why."""

    label: str
    unit: str
    decimals: int
    months: tuple[Month, ...]
    stretches: tuple[Stretch, ...]
    target: Decimal | None
    target_words: str
    events: tuple[Event, ...]
    title: str
    caption: str
    why_no_limits: str

    @property
    def can_draw(self) -> bool:
        """Whether enough months have a value for a line."""
        return sum(one.value is not None for one in self.months) >= LEAST_DRAWN

    @property
    def text(self) -> str:
        """The text alternative: first and last month, every special month with its rule, the limits in force."""
        known = [one for one in self.months if one.value is not None]
        if not known:
            return f"{self.label}没有月度数值。"
        said = [f"{self.label}从{self._say(known[0])}到{self._say(known[-1])}"]
        special = [one for one in known if one.meaning in {"improvement", "concern", "neutral"}]
        if special:
            said.append("异常月份:" + "、".join(f"{numbers.month(one.month)}({one.note})" for one in special))
        if self.stretches:
            said.append(limits_words(self.stretches[-1], self.unit, self.decimals))
        return ";".join(said) + "。"

    @property
    def event_words(self) -> str:
        """事件:① 2025年9月 智能审核规则库更新;…"""
        said = [f"{event.sign} {numbers.month(event.month)} {event.word}".strip() for event in self.events]
        return f"事件:{';'.join(said)}。" if said else ""

    def _say(self, one: Month) -> str:
        return f"{numbers.month(one.month)} {numbers.plain(one.value, self.decimals)}{self.unit}"


def fields_of(view: ControlView) -> tuple[Field, ...]:
    """The columns of ``control_rows`` with the unit drawn."""
    values = (("value", "数值"), ("mean", "均值"), ("lower", "下控制限"), ("upper", "上控制限"))
    figures = [Field(name, label, "percent", view.unit) for name, label in values]
    return (Field("month", "月份"), *figures, Field("note", "说明"))


def control_view(
    kpi: Kpi,
    series: Series,
    *,
    target: str | None = None,
    events: Sequence[Event] = (),
    partial: tuple[str, Decimal | None] | None = None,
    label: str = "",
) -> ControlView:
    """The chart of one KPI (and one insurance type or institution) from its series.

    ``target`` as a KpiValue carries it; ``partial``: the month that the data do not hold wholly. Only events of the months shown are
    kept, limits that begin anew are added to them.
    """
    is_wan = kpi.unit == "元" and numbers.money_unit(_all_values(series, partial)) == "万元"
    scale = numbers.WAN if is_wan else Decimal(1)
    unit = "万元" if is_wan else numbers.beside(kpi.unit)
    decimals = 2 if kpi.unit == "元" else 0 if kpi.unit in numbers.COUNTS else 1
    months = [
        *_judged(series, scale),
        *(Month(name, _scaled(value, scale), "open", UNRIPE) for name, value in series.unripe),
    ]
    if partial is not None:
        months.append(Month(partial[0], _scaled(partial[1], scale), "open", PARTIAL))
    known = [place for place, one in enumerate(months) if one.value is not None]
    months = months[known[0] if known else 0 :][-MONTHS_SHOWN:]
    names = [one.month for one in months]
    stretches = [one for one in _stretches(kpi, series, scale) if names and one.last >= names[0]]
    anew = [Event(one.first, f"重新计算控制限:{one.reason}") for one in stretches if one.reason]
    goal = target_line(target)
    name = label or kpi.label
    return ControlView(
        label=name,
        unit=unit,
        decimals=decimals,
        months=tuple(months),
        stretches=tuple(stretches),
        target=_scaled(goal, scale),
        target_words=f"目标 {target_words(target, kpi.unit)}" if target else "",
        events=_numbered([one for one in (*events, *anew) if names and names[0] <= one.month <= names[-1]]),
        title=_title(name, kpi, series),
        caption=_caption(series, stretches, unit, decimals, partial),
        why_no_limits="" if stretches else (series.why_not_judged or "月份太少,不画控制限"),
    )


def limits_words(stretch: Stretch, unit: str, decimals: int) -> str:
    """均值 92.1%,控制限 85.2% 至 99.0%(试用限)."""
    parts = [f"均值 {numbers.plain(stretch.mean, decimals)}{unit}"]
    low, high = (
        None if edge is None else f"{numbers.plain(edge, decimals)}{unit}"
        for edge in (stretch.lower, stretch.upper)
    )
    if low and high:
        parts.append(f"控制限 {low} 至 {high}")
    elif low or high:
        parts.append(f"下控制限 {low}" if low else f"上控制限 {high}")
    return ",".join(parts) + ("(试用限)" if stretch.is_trial else "")


def control_rows(view: ControlView) -> pa.Table:
    """The chart as a list, newest month first, in the unit drawn."""
    kind = pa.decimal128(24, 4)
    schema = pa.schema([
        ("month", pa.string()), ("value", kind), ("note", pa.string()), ("mean", kind), ("lower", kind), ("upper", kind),
    ])  # fmt: skip
    return pa.Table.from_pylist([_record(view, one) for one in reversed(view.months)], schema=schema)


def _record(view: ControlView, one: Month) -> dict[str, object]:
    stretch = next((s for s in view.stretches if s.first <= one.month <= s.last), None)
    edges = (stretch.mean, stretch.lower, stretch.upper) if stretch else (None, None, None)
    places = [None if value is None else numbers.rounded(value, 4) for value in (one.value, *edges)]
    return {
        "month": numbers.month(one.month), "value": places[0], "note": one.note, "mean": places[1], "lower": places[2],
        "upper": places[3],
    }  # fmt: skip


def _numbered(events: Sequence[Event]) -> tuple[Event, ...]:
    ordered = sorted(events, key=lambda event: (event.month, event.word))
    signs = SIGNS.ljust(len(ordered))
    return tuple(Event(one.month, one.word, sign.strip()) for one, sign in zip(ordered, signs, strict=False))


def _judged(series: Series, scale: Decimal) -> list[Month]:
    points: Sequence[Point | None] = series.chart.points if series.chart else [None] * len(series.months)
    found = []
    for month, value, point in zip(series.months, series.values, points, strict=True):
        meaning: Meaning = MEANING[point.variation] if point and point.variation else "common"
        note = (
            f"{VARIATION[point.variation]}:{RULE[point.rule]}"
            if point and point.variation and point.rule
            else ""
        )
        found.append(Month(month, _scaled(value, scale), meaning, note))
    return found


def _stretches(kpi: Kpi, series: Series, scale: Decimal) -> list[Stretch]:
    if series.chart is None:
        return []
    low, high = _possible(kpi, series)
    return [
        Stretch(
            series.months[segment.start],
            series.months[segment.end - 1],
            _limit(segment.mean, scale),
            _within(segment.lower, low, high, scale),
            _within(segment.upper, low, high, scale),
            segment.trial,
            segment.reason,
        )
        for segment in series.chart.segments
        if segment.mean is not None and segment.upper is not None
    ]


def _possible(kpi: Kpi, series: Series) -> tuple[float | None, float | None]:
    """The least and the greatest value the KPI can have: a limit beyond them would be a line at a place nobody can reach."""
    known = [value for value in series.values if value is not None]
    low = 0.0 if all(value >= 0 for value in known) else None
    high = 100.0 if kpi.unit == "%" and all(0 <= value <= 100 for value in known) else None
    return low, high


def _within(edge: float | None, low: float | None, high: float | None, scale: Decimal) -> Decimal | None:
    if edge is None or (low is not None and edge < low) or (high is not None and edge > high):
        return None
    return _limit(edge, scale)


def _limit(edge: float | None, scale: Decimal) -> Decimal:
    """A mean or limit for drawing and words: an estimate, never booked."""
    return Decimal(repr(edge or 0.0)) / scale


def _scaled(value: Decimal | None, scale: Decimal) -> Decimal | None:
    return None if value is None else value / scale


def _all_values(series: Series, partial: tuple[str, Decimal | None] | None) -> list[Decimal | None]:
    return [*series.values, *(value for _, value in series.unripe), *([partial[1]] if partial else [])]


def _title(name: str, kpi: Kpi, series: Series) -> str:
    """The finding: 违规金额追回率 9月 99.6%,改善:连续7个月以上在均值同侧;目标时达时不达."""
    known = [
        (month, value) for month, value in zip(series.months, series.values, strict=True) if value is not None
    ]
    if not known:
        return f"{name}:没有完整月份的数值"
    month, value = known[-1]
    said = f"{name}:{numbers.month(month)} {numbers.shown(value, kpi.unit)}"
    if series.chart is not None and series.chart.variation is not None:
        said += f",{series.variation}"
        if series.chart.assurance is not Assurance.NONE:
            said += f";对目标{assurance_words(series.chart)}"
    return said


def _caption(
    series: Series,
    stretches: Sequence[Stretch],
    unit: str,
    decimals: int,
    partial: tuple[str, Decimal | None] | None,
) -> str:
    parts = []
    if stretches:
        parts.append(limits_words(stretches[-1], unit, decimals))
        if stretches[-1].is_trial:
            parts.append(f"不足 {TRIAL_BELOW} 个月,控制限为试用限")
        parts += [f"{numbers.month(one.first)}起重新计算:{one.reason}" for one in stretches if one.reason]
    else:
        parts.append(series.why_not_judged or "月份太少,不画控制限")
    if series.unripe:
        parts.append(f"空心点的月份仍在办理({UNRIPE}),不作判断")
    if partial is not None:
        parts.append(f"{numbers.month(partial[0])}数据不完整,空心显示,不作判断")
    return ";".join(parts) + "。"
