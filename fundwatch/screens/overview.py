"""监管总览 as rows: one per KPI (funds: per insurance type), grouped along the loop, those that need somebody first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from fundwatch.contracts import code_lists
from fundwatch.kpi import Kpi, KpiValue
from fundwatch.screens.series import CUMULATED, NO_MONTHS, STOCK, Series
from fundwatch.screens.sides import side_words, sides_of_values
from fundwatch.screens.signals import signal_words
from fundwatch.stats.words import TRIAL, VARIATION
from fundwatch.stats.xmr import Assurance, Variation
from fundwatch.ui import numbers
from fundwatch.ui.sentence import change_words, relative_words
from fundwatch.ui.targets import Against, Tone, against, decimals_told, target_words

#: the loop of supervision and who answers for each part (001 附件: three work groups below the leading group)
GROUPS: Mapping[str, str] = {
    "协议检查": "事后监管稽核工作组",
    "事前提醒": "事前提醒工作组",
    "事中审核": "事中审核工作组",
    "事后监管": "事后监管稽核工作组",
    "综合": "领导小组办公室",
    "基金运行": "分险种,互不相加",
}
#: red first, then what is not yet due, then what stands well, then what has no target
RANK: Mapping[Tone, int] = {"bad": 0, "attention": 1, "good": 2, "neutral": 3}
#: the four numbers on top: coverage, money back, cases in time, months the fund lasts (the shortest of the funds)
HEADLINES = ("inspection_coverage", "recovery_rate", "case_on_time_rate", "payable_months")
#: KPIs that the short table leaves to their screens: amounts and counts without direction
KEY_FUND_KPIS = frozenset({"fund_surplus", "payable_months", "budget_execution", "outlay_growth"})
INSUTYPE_SHORT = {"310": "职工", "390": "居民"}
VARIATION_TONE: Mapping[Variation, Tone] = {Variation.IMPROVEMENT: "good", Variation.CONCERN: "attention"}
ASSURANCE_TONE: Mapping[Assurance, Tone] = {Assurance.PASS: "good", Assurance.FAIL: "bad"}
NAMED = 2
#: rows that stand on one screen at 1440 by 900 below the sentence, and the fewest of each part
ROOM, LEAST_SHOWN = 25, 3
WITHOUT_VALUE = 10
MOVED_FIRST = (Variation.CONCERN, Variation.IMPROVEMENT)
NO_BASE = "上年同期无数据"


@dataclass(frozen=True)
class Line:
    """One row of the table. ``insutype`` is set for funds; ``note`` is why there is no value, else empty."""

    kpi: Kpi
    insutype: str | None
    number: KpiValue | None
    name: str
    value: str
    target: str
    gap: str
    tone: Tone
    series: Series
    variation: str
    variation_full: str
    variation_tone: Tone
    assurance: str
    assurance_tone: Tone
    change: str
    sentence: str
    note: str

    @property
    def id(self) -> str:
        """What a click sends back."""
        return f"{self.kpi.id}.{self.insutype}" if self.insutype else self.kpi.id

    @property
    def is_key(self) -> bool:
        """Whether the short table shows it: a direction, a target, or one of the fund's key figures."""
        has_target = self.number is not None and self.number.target is not None
        return self.kpi.better != "neither" or has_target or self.kpi.id in KEY_FUND_KPIS


@dataclass(frozen=True)
class Group:
    """One part of the loop with its rows, those that need somebody first; ``owner`` answers for it.

    The first screen shows ``shown`` of them, the others fold behind a word.
    """

    name: str
    owner: str
    lines: tuple[Line, ...]
    shown: int

    @property
    def folded(self) -> str:
        """另 8 项(未达标 2 项); empty when all are shown."""
        rest = self.lines[self.shown :]
        bad = sum(line.tone == "bad" for line in rest)
        return (f"另 {len(rest)} 项" + (f"(未达标 {bad} 项)" if bad else "")) if rest else ""


def insutype_of(number: KpiValue) -> str | None:
    """The insurance type of a value of a fund KPI, whole or split by month."""
    if number.by is None or number.key is None or not number.by.startswith("insutype"):
        return None
    return number.key.split(",")[0]


def line_of(
    kpi: Kpi,
    number: KpiValue | None,
    series: Series,
    *,
    last_year: KpiValue | None = None,
    course: str = "",
    ignored: Sequence[str] = (),
    missing: str = "",
) -> Line:
    """One row. ``course`` is 达标把握 of a yearly target, ``ignored`` the filters this KPI does not have, ``missing`` why
    there is no number at all."""
    insutype = insutype_of(number) if number else None
    name = f"{kpi.label}·{insutype_words(insutype)}" if insutype else kpi.label
    why = missing or (str(number.extra.get("reason") or "") if number and number.value is None else "")
    stands = against(kpi, number) if number else None
    lead = f"不分{'、'.join(ignored)};" if ignored else ""
    return Line(
        kpi=kpi,
        insutype=insutype,
        number=number,
        name=name,
        value=str(numbers.shown(number.value if number else None, kpi.unit, _decimals(kpi, number))),
        target=_target(stands, number),
        gap=stands.gap if stands else "",
        tone=stands.tone if stands else "neutral",
        series=series,
        variation=_variation(series),
        variation_full=series.variation,
        variation_tone=VARIATION_TONE.get(series.last, "neutral") if series.last else "neutral",
        assurance=course or series.assurance.replace(f",{TRIAL}", "(试用)"),
        assurance_tone=ASSURANCE_TONE.get(series.chart.assurance, "neutral") if series.chart else "neutral",
        change=change(kpi, number, last_year) if number else "",
        sentence=why or (lead + sentence(kpi, number, last_year, series) if number else ""),
        note=why,
    )


def insutype_words(code: str) -> str:
    """职工, 居民; other insurance types by their full name."""
    return INSUTYPE_SHORT.get(code) or code_lists()["insutype"].get(code, code)


def change(kpi: Kpi, number: KpiValue, last_year: KpiValue | None) -> str:
    """What changed against the same days of last year; empty without a base."""
    if kpi.unit in {"%", "月"}:
        return change_words(kpi, number, last_year, "同比")
    if last_year is None:
        return ""
    before = numbers.shown(last_year.value, kpi.unit)
    relative = relative_words(number.value, last_year.value, "同比")
    return f"{relative}(上年同期 {before})" if relative else f"上年同期 {before}"


def sentence(kpi: Kpi, number: KpiValue, last_year: KpiValue | None, series: Series | None = None) -> str:
    """What is unusual and whether the target can be met so, what stands behind the value, what changed:
    10月 62.1%,低于下控制限 85.2%,需了解原因;还差 22(318 / 340),同比 +8.1 个百分点."""
    changed = change(kpi, number, last_year) or (NO_BASE if number.value is not None else "")
    plain = ",".join(part for part in (_behind(kpi, number), changed) if part)
    signal = signal_words(kpi, series) if series else ""
    return ";".join(part for part in (signal, plain) if part)


def need(line: Line) -> int:
    """Who comes first: below target, unusual to the worse, not yet due, on target or a key figure, without target, amounts; and
    last what has no value."""
    if line.note:
        return WITHOUT_VALUE + (not line.is_key)
    if line.tone == "bad":
        return 0
    if line.series.last is Variation.CONCERN:
        return 1
    rank = RANK["good"] if line.kpi.id in HEADLINES else RANK[line.tone]
    return 1 + rank + (not line.is_key)


def grouped(lines: Iterable[Line], room: int = ROOM) -> list[Group]:
    """The rows by part of the loop, in each part those that need somebody first, then in declared order.

    Parts without KPI are left out. ``room`` rows are shown: three of each part, the others where the need is greatest.
    """
    found: dict[str, list[Line]] = {name: [] for name in GROUPS}
    for line in lines:
        found[line.kpi.group].append(line)
    parts = {
        name: sorted(part, key=lambda line: (need(line), line.kpi.order, line.insutype or ""))
        for name, part in found.items()
        if part
    }
    shown = {name: min(LEAST_SHOWN, len(part)) for name, part in parts.items()}
    while sum(shown.values()) < room:
        waiting = [name for name, part in parts.items() if shown[name] < len(part)]
        if not waiting:
            break
        # of equal need the part that shows the least goes on
        first = min(waiting, key=lambda name: (need(parts[name][shown[name]]), shown[name]))
        shown[first] += 1
    return [Group(name, GROUPS[name], tuple(part), shown[name]) for name, part in parts.items()]


def headlines(lines: Sequence[Line]) -> list[Line]:
    """The rows that the four tiles on top show; of a fund KPI the insurance type that stands lowest."""
    found = []
    for wanted in HEADLINES:
        own = [line for line in lines if line.kpi.id == wanted]
        own.sort(key=lambda line: (line.number is None or line.number.value is None, _value(line)))
        found += own[:1]
    return found


def message(lines: Sequence[Line]) -> str:
    """The screen's sentence: how many targets are met, which are not, what moves unusually, what is not loaded."""
    judged = [line for line in lines if line.tone in {"good", "bad", "attention"}]
    parts = []
    if judged:
        words = (("good", "达标"), ("bad", "未达标"), ("attention", "期限未到"))
        counts = [(word, sum(line.tone == tone for line in judged)) for tone, word in words]
        parts.append(
            f"{len(judged)} 项指标有目标:"
            + "、".join(f"{word} {count} 项" for word, count in counts if count)
        )
    bad = sorted((line for line in lines if line.tone == "bad"), key=_gap_rank, reverse=True)[:NAMED]
    if bad:
        parts.append("差距最大的是" + "、".join(f"{line.name} {line.value}({line.gap})" for line in bad))
    moved = [line for line in lines if line.series.last not in {None, Variation.COMMON}]
    # of the two that are named, a turn to the worse comes first, then one to the better
    moved.sort(
        key=lambda line: MOVED_FIRST.index(line.series.last) if line.series.last in MOVED_FIRST else NAMED
    )
    if moved:
        more = f"等 {len(moved)} 项" if len(moved) > NAMED else ""
        parts.append("月度数值超出正常波动的有" + "、".join(line.name for line in moved[:NAMED]) + more)
    empty = sum(bool(line.note) for line in lines)
    if empty:
        parts.append(f"{empty} 项没有数值,原因见表")
    return ";".join(parts) + "。" if parts else "本期没有可以评判的指标。"


def _target(stands: Against | None, number: KpiValue | None) -> str:
    """100%; 参考 6 至 9 个月 where the source of the line is not verified."""
    if stands is None or number is None or number.target is None:
        return numbers.NONE
    lead = "参考 " if stands.target.startswith("参考线") else ""
    return lead + target_words(number.target, number.unit)


def _variation(series: Series) -> str:
    if series.chart is None:
        return {CUMULATED: "累计指标", STOCK: "时点指标", NO_MONTHS: numbers.NONE}.get(
            series.why_not_judged, series.why_not_judged.split(",")[0]
        )
    if series.last is None:
        return series.variation
    return VARIATION[series.last] + ("(试用限)" if series.chart.trial else "")


def _behind(kpi: Kpi, number: KpiValue) -> str:
    """The two sides of a ratio of counts or of money, or the base year of a growth; nothing for plain counts."""
    if base := number.extra.get("base_year"):
        reason = number.extra.get("base_reason")
        return f"与{base}年同期相比" + (f"({reason})" if reason else "")
    if number.denominator is None or kpi.unit != "%":
        return ""
    pace = number.extra.get("pace_per_week")
    if pace is not None:
        rest = number.denominator - number.numerator
        return f"未查 {numbers.plain(rest)} 家,每周需查 {numbers.plain(Decimal(pace), 1)} 家"
    first, second = sides_of_values([number])
    if first == "amount":
        sides = f"{numbers.money(number.numerator)} / {numbers.money(number.denominator)}"
    else:
        sides = f"{side_words(number.numerator, first)} / {side_words(number.denominator, second)}"
    rest = _rest(kpi, number)
    if rest is None or first == "quantity":
        return sides
    return f"还差 {numbers.money(rest) if first == 'amount' else numbers.plain(rest)}({sides})"


def _rest(kpi: Kpi, number: KpiValue) -> Decimal | None:
    """How much more of the numerator reaches the target: whole cases, or yuan; None where it is reached, unset or less is better."""
    plain_target = number.target is not None and number.target.isdecimal()
    if kpi.better != "higher" or not plain_target or number.denominator is None:
        return None
    rest = Decimal(str(number.target)) / 100 * number.denominator - number.numerator
    if rest <= 0:
        return None
    return rest if sides_of_values([number])[0] == "amount" else rest.to_integral_value(ROUND_CEILING)


def _decimals(kpi: Kpi, number: KpiValue | None) -> int:
    return min(kpi.decimals, decimals_told(kpi, number) if number else 1)


def _value(line: Line) -> Decimal:
    return Decimal(0) if line.number is None or line.number.value is None else line.number.value


def _gap_rank(line: Line) -> tuple[bool, Decimal]:
    """Rates by their gap in percentage points; counts after them, since 2 institutions too many and 3 points have no common measure."""
    number = line.number
    if number is None or number.value is None or number.target is None:
        return False, Decimal(0)
    goal = Decimal(number.target.removeprefix("<=").removeprefix(">=").partition("-")[0])
    return line.kpi.unit == "%", abs(number.value - goal)
