"""One sentence per KPI, made from its numbers: value against target, change against before; no judgement."""

from __future__ import annotations

from decimal import Decimal

from fundwatch.kpi import Kpi, KpiValue
from fundwatch.ui import numbers
from fundwatch.ui.targets import against, decimals_told

NO_ROWS = "本期没有数据"


def finding(
    kpi: Kpi, now: KpiValue, before: KpiValue | None = None, last_year: KpiValue | None = None
) -> str:
    """协议检查覆盖率 62.4%,目标 100%,差 37.6 个百分点;较上期 +8.1 个百分点,较上年同期 -2.0 个百分点。

    Says why when there is no value, and leaves a comparison out where one side has none.
    """
    if now.value is None:
        return f"{kpi.label}无数值:{now.extra.get('reason') or NO_ROWS}。"
    value = numbers.shown(now.value, kpi.unit, decimals_told(kpi, now))
    parts = [f"{kpi.label} {value}"]
    if now.target is not None:
        stands = against(kpi, now)
        parts.append(f"{stands.target},{stands.gap}")
    changes = [
        words
        for words in (
            change_words(kpi, now, before, "较上期"),
            change_words(kpi, now, last_year, "较上年同期"),
        )
        if words
    ]
    sentence = ",".join(parts)
    return f"{sentence};{','.join(changes)}。" if changes else f"{sentence}。"


def change_words(kpi: Kpi, now: KpiValue, then: KpiValue | None, lead: str) -> str:
    """较上期 +8.1 个百分点, 较上期持平, or an empty string when there is nothing to compare with."""
    if now.value is None or then is None or then.value is None:
        return ""
    change = numbers.difference(now.value, then.value, kpi.unit)
    # A change that rounds to nothing has neither sign.
    return f"{lead} {change}" if change.startswith(("+", "-")) else f"{lead}持平"


def relative_words(now: Decimal | None, then: Decimal | None, lead: str) -> str:
    """同比 +3.2%, for amounts and counts; an empty string without a positive base."""
    if now is None or then is None or then <= 0:
        return ""
    change = (now - then) * 100 / then
    return f"{lead} {numbers.signed(change, 1)}%"
