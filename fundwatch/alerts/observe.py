"""Whether each alert rule is met in each of the last whole months of one version: a pure function of version and settings.

A rule is a KPI against its target, a KPI's monthly series against its own limits, or an institution against its level. A month is judged
only when it was over on the day of loading, its rows have had the time they need, and the KPI's table reaches it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from fundwatch.contracts import code_lists
from fundwatch.kpi import Kpi, KpiValue, declarations, standing
from fundwatch.kpi.targets import meets, target_in_force
from fundwatch.kpi.window import last_day
from fundwatch.quality import TableState
from fundwatch.screens import drift
from fundwatch.screens.rebase import rebases
from fundwatch.screens.series import MONTHS_DRAWN, Months, Series, series_of, whole_months
from fundwatch.screens.sources import dated_table, first_day
from fundwatch.settings import NO_TARGET, Values
from fundwatch.stats.words import RULE, VARIATION
from fundwatch.stats.xmr import Segment, Variation
from fundwatch.ui import numbers
from fundwatch.ui.targets import against

#: months of a rule that a look judges
MONTHS_LOOKED = 12
#: a special month to the better is no alert
ALERTING = frozenset({Variation.CONCERN, Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW})
#: a table whose newest row lies further from the month's end may be a part of that month
REACHED_WITHIN_DAYS = 7
WHOLE = 100
Numbers = Callable[[Sequence[str], dt.date, dt.date, str], Iterable[KpiValue]]


class Kind(StrEnum):
    """What a rule looks at; the value is the word on screen."""

    TARGET = "未达目标"
    SPC = "异常波动"
    DRIFT = "机构偏离"


@dataclass(frozen=True)
class Observation:
    """One rule in one month (YYYY-MM). ``value`` is in the KPI's unit, ``limit`` in words, ``words`` the reason in one sentence."""

    rule_id: str
    kind: str
    kpi: str
    insutype: str | None
    code: str | None
    name: str
    month: str
    met: bool
    value: Decimal
    limit: str
    words: str


@dataclass(frozen=True)
class Facts:
    """What a look reads of a version: how far it reaches, its tables, and the numbers by month."""

    newest: dt.date
    loaded: dt.date
    first_data: dt.date | None
    tables: Sequence[TableState]
    numbers: Numbers
    institutions: drift.Alerts


def observations(facts: Facts, values: Values) -> list[Observation]:
    """Every rule in every month judged, oldest month first within a rule."""
    months = whole_months(facts.newest, facts.newest, facts.loaded)
    found: list[Observation] = []
    for kpi, insutype, series, own in _series(facts, values, months):
        found += _against_target(facts, values, (kpi, insutype), series, own)
        found += _against_limits(kpi, insutype, series)
    return [*found, *_drifting(facts.institutions)]


def _series(
    facts: Facts, values: Values, months: Months
) -> Iterable[tuple[Kpi, str | None, Series, Mapping[str, KpiValue]]]:
    """The monthly series of each KPI, of funds per insurance type, as far as the KPI's own data go."""
    known, states = declarations(), {state.table: state for state in facts.tables}
    for split, span in (("rows", months), ("restate", months.last(MONTHS_DRAWN))):
        ids = [kpi.id for kpi in known.values() if kpi.month_split == split]
        cells: dict[tuple[str, str | None], list[KpiValue]] = defaultdict(list)
        for number in facts.numbers(ids, span.start, span.end, "month"):
            if number.data_through is not None:
                cells[number.kpi, number.cell.get("insutype")].append(number)
        for (name, insutype), own in cells.items():
            through = own[0].data_through
            if through is None:
                continue
            kept = Months(span.start, min(span.end, _reached(through)))
            reached = [one for one in own if str(one.cell["month"]) <= f"{kept.end:%Y-%m}"]
            if not reached or kept.end < kept.start:
                continue
            kpi = known[name]
            series = series_of(
                kpi, reached, kept, first=first_day(kpi, states), target=None,
                monthly=states[dated_table(kpi.asof.source)].is_monthly, rebase=rebases(values, name), known_to=facts.newest,
            )  # fmt: skip
            yield kpi, insutype, series, {str(one.cell["month"]): one for one in reached}


def _reached(through: dt.date) -> dt.date:
    """The last day of the last month that a table reaches: to within a week of its end."""
    end = last_day(through)
    return end if (end - through).days <= REACHED_WITHIN_DAYS else end.replace(day=1) - dt.timedelta(days=1)


def _against_target(
    facts: Facts, values: Values, whose: tuple[Kpi, str | None], series: Series, own: Mapping[str, KpiValue]
) -> list[Observation]:
    """Each month against the target in force on its last day: the bureau's own, else the declared one."""
    (kpi, insutype), found = whose, []
    for month, value in _last(series):
        end = last_day(dt.date.fromisoformat(f"{month}-01"))
        cell = {"insutype": insutype} if insutype else {}
        target = target_in_force(kpi, values, end, facts.first_data, cell)
        number = own.get(month)
        if value is None or target is None or number is None:
            continue
        judged = replace(number, value=value, end=end, target=target)
        missed = _missed(kpi, judged, values.target(kpi.id, end))
        if missed is None:
            continue
        stands = against(kpi, judged)
        words = (
            f"{_name(kpi, insutype)} {numbers.month(month)} {numbers.shown(value, kpi.unit)},{stands.target}"
        )
        words += f",{stands.gap}" if stands.gap else ""
        found.append(
            _made(
                Kind.TARGET, kpi, insutype, month, met=missed, value=value, limit=stands.target, words=words
            )
        )
    return found


def _missed(kpi: Kpi, number: KpiValue, own: str | None) -> bool | None:
    """Whether the target is missed; None where nothing may be said: a source not verified, a yearly target not yet due.

    A bound or range that the bureau itself set also holds for a KPI without direction.
    """
    if own is not None and own != NO_TARGET and (own.startswith(("<=", ">=")) or "-" in own):
        return None if number.value is None else not meets(number.value, own, kpi.better)
    stands = standing(kpi, number)
    return None if stands is None else stands == "bad"


def _against_limits(kpi: Kpi, insutype: str | None, series: Series) -> list[Observation]:
    """Each month by the rules of its control chart; none where limits mean nothing."""
    if series.chart is None:
        return []
    points = dict(zip(series.months, series.chart.points, strict=True))
    found = []
    for month, value in _last(series):
        point = points[month]
        if value is None or point.variation is None:
            continue
        segment = series.chart.segments[point.segment]
        said = VARIATION[point.variation] + (f":{RULE[point.rule]}" if point.rule else "")
        limit = _limits(kpi, segment, series)
        trial = ",试用限" if segment.trial else ""
        words = f"{_name(kpi, insutype)} {numbers.month(month)} {numbers.shown(value, kpi.unit)},{said}({limit}{trial})"
        met = point.variation in ALERTING
        found.append(_made(Kind.SPC, kpi, insutype, month, met=met, value=value, limit=limit, words=words))
    return found


def _limits(kpi: Kpi, segment: Segment, series: Series) -> str:
    """均值 92.1%,控制限 85.2% 至 99.0%; estimates, rounded as the value is. A limit that the KPI cannot reach is left out."""
    known = [value for value in series.values if value is not None]
    low, high = segment.lower, segment.upper
    if low is not None and low < 0 and all(value >= 0 for value in known):
        low = None
    if high is not None and high > WHOLE and kpi.unit == "%" and all(value <= WHOLE for value in known):
        high = None
    mean, below, above = (
        None if edge is None else str(numbers.shown(Decimal(repr(edge)), kpi.unit))
        for edge in (segment.mean, low, high)
    )
    if below and above:
        return f"均值 {mean},控制限 {below} 至 {above}"
    edges = [f"下控制限 {below}"] if below else [f"上控制限 {above}"] if above else []
    return ",".join([f"均值 {mean}", *edges])


def _drifting(found: drift.Alerts) -> list[Observation]:
    """Per institution, KPI and direction: met from the month of the alert as long as it stays open."""
    raised: dict[tuple[str, str, str], list[drift.Alert]] = defaultdict(list)
    for alert in found.found:
        if alert.meaning != "favourable":
            raised[alert.kpi.id, alert.code, alert.direction].append(alert)
    made = []
    months = found.months[-MONTHS_LOOKED:]
    for (name, code, direction), own in sorted(raised.items()):
        for month in months:
            place = found.months.index(month)
            open_in = found.months[max(0, place - drift.OPEN_MONTHS + 1) : place + 1]
            latest = max((one for one in own if one.month <= month), key=lambda one: one.month, default=None)
            if latest is None:
                continue
            met = latest.month in open_in
            words = f"{latest.name}:{latest.words.removesuffix(f'({drift.LEAD})')}"
            limit = f"预警线 {found.line:.1f} 倍标准差" if found.line is not None else ""
            made.append(
                Observation(
                    f"drift:{name}:{code}:{direction}", Kind.DRIFT, name, None, code, latest.name, month, met, latest.value, limit,
                    words if met else f"{words},此后 {drift.OPEN_MONTHS} 个月未再触发",
                )
            )  # fmt: skip
    return made


def _last(series: Series) -> list[tuple[str, Decimal | None]]:
    return list(zip(series.months, series.values, strict=True))[-MONTHS_LOOKED:]


def _name(kpi: Kpi, insutype: str | None) -> str:
    return f"{kpi.label}·{code_lists()['insutype'].get(insutype, insutype)}" if insutype else kpi.label


def _made(
    kind: Kind,
    kpi: Kpi,
    insutype: str | None,
    month: str,
    *,
    met: bool,
    value: Decimal,
    limit: str,
    words: str,
) -> Observation:
    parts = [{Kind.TARGET: "target", Kind.SPC: "spc"}[kind], kpi.id, *([insutype] if insutype else [])]
    return Observation(
        ":".join(parts), kind, kpi.id, insutype, None, _name(kpi, insutype), month, met, value, limit, words
    )
