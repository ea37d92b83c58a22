"""What a KPI's last month says about how the work runs, in a few words: what is unusual, and whether the target can be met so.

An unusual month is a question, not a verdict; nothing is said of a month inside the limits of a KPI that can meet its target.
"""

from __future__ import annotations

from decimal import Decimal

from fundwatch.kpi import Kpi
from fundwatch.screens.series import Series
from fundwatch.stats.special_causes import Rule
from fundwatch.stats.words import RULE
from fundwatch.stats.xmr import Assurance, Variation
from fundwatch.ui import numbers

ASKS = {
    Variation.CONCERN: "需了解原因",
    Variation.IMPROVEMENT: "好于以往",
    Variation.NEUTRAL_HIGH: "与以往不同,需了解原因",
    Variation.NEUTRAL_LOW: "与以往不同,需了解原因",
}


def signal_words(kpi: Kpi, series: Series) -> str:
    """10月 62.1%,低于下控制限 85.2%,需了解原因;目标在控制限以外,按现有做法达不到. Empty where nothing is to be said."""
    return ";".join(part for part in (_unusual(kpi, series), _prospect(series)) if part)


def _unusual(kpi: Kpi, series: Series) -> str:
    chart, last = series.chart, series.last
    if chart is None or chart.rule is None or last not in ASKS:
        return ""
    value = series.values[-1]
    parts = [f"{int(series.months[-1][5:])}月 {numbers.shown(value, kpi.unit)}"]
    said = RULE[chart.rule]
    segment = chart.segments[-1]
    if chart.rule is Rule.OUTSIDE and segment.lower is not None and segment.upper is not None:
        side, edge = (
            ("高于上控制限", segment.upper) if series.last_is_above else ("低于下控制限", segment.lower)
        )
        # a limit is an estimate: it is shown, never booked
        said = f"{side} {numbers.shown(Decimal(repr(edge)), kpi.unit)}"
    parts.append(f"{said}(试用限)" if chart.trial else said)
    return ",".join([*parts, ASKS[last]])


def _prospect(series: Series) -> str:
    """Whether the work as it runs now meets the target; silent where it sometimes does."""
    if series.chart is None or series.chart.assurance is not Assurance.FAIL:
        return ""
    return "目标在控制限以外,按现有做法达不到"
