"""Where limits begin anew: a known change, on the day and with the reason that the bureau recorded in its settings.

The setting ``spc_rebase`` names the KPIs, its effective date the month, its reason the change. Source: reference/statistics
§3.1 (rebase only for a known change, never a rolling window).
"""

from __future__ import annotations

from collections.abc import Mapping

from fundwatch.settings import SHIPPED_AGAIN, Values

KEY = "spc_rebase"
ALL = "全部"


def rebases(values: Values, kpi: str) -> dict[str, str]:
    """Month (YYYY-MM) → reason, for one KPI; a change taken back or overtaken is left out."""
    found = {}
    for recorded in values.recorded(KEY):
        change = recorded.change
        named = [name.strip() for name in change.value.split(",")]
        if not recorded.stands or change.effective_from is None or change.value == SHIPPED_AGAIN:
            continue
        if ALL in named or kpi in named:
            found[f"{change.effective_from:%Y-%m}"] = change.why
    return found


def positions(months: tuple[str, ...], wanted: Mapping[str, str]) -> dict[int, str]:
    """Position in the series → reason; a change before the second month or after the last one begins no segment."""
    places = {month: place for place, month in enumerate(months)}
    return {places[month]: reason for month, reason in wanted.items() if places.get(month, 0) > 0}
