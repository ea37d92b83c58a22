"""The reads behind the alerts of drifting institutions: hundreds of monthly series, once for each version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fundwatch.kpi import Kpi, declarations, evaluate
from fundwatch.kpi.call import Source
from fundwatch.screens.drift import WATCHED, Alerts, alerts
from fundwatch.screens.reads import Reading, page_query
from fundwatch.screens.series import is_ripe, whole_months
from fundwatch.settings import Settings, Values

BUDGET = "drift_alerts_per_month"


def asked(reading: Reading, newest: dt.date) -> dict[str, Any]:
    """What ``drifting`` needs besides warehouse and settings."""
    rows = page_query(reading, "institution_levels").to_pylist()
    return {
        "newest": newest,
        "loaded": dt.date.fromisoformat(reading.warehouse.meta["load_date"][:10]),
        "names": {row["fixmedins_code"]: row["fixmedins_name"] for row in rows},
        "levels": {row["fixmedins_code"]: row["level_class"] for row in rows if row["level_class"]},
    }


def drifting(
    warehouse: Source,
    settings: Settings | Values,
    *,
    newest: dt.date,
    loaded: dt.date,
    names: Mapping[str, str],
    levels: Mapping[str, str],
) -> Alerts:
    """Alerts of all institutions over the KPIs watched, up to ``newest``; the bureau's budget comes from its settings.

    ``names`` and ``levels``: code → name and level; ``loaded``: the day of loading.
    """
    known = {name: declarations()[name] for name in WATCHED if _can_watch(declarations().get(name))}
    months = whole_months(newest, newest, loaded)
    values = {
        name: evaluate(warehouse, settings, [name], months.start, months.end, "fixmedins_code,month")
        for name in known
    }
    held = {name: {str(one.cell["month"]) for one in own} for name, own in values.items()}
    ripe = {
        name: [
            month
            for month in months.names
            if month >= min(held[name], default="9999") and is_ripe(kpi, month, newest)
        ]
        for name, kpi in known.items()
    }
    budget = Decimal(str(settings.get(BUDGET, newest)))
    return alerts(values, known, ripe, names=names, levels=levels, budget=budget)


def _can_watch(kpi: Kpi | None) -> bool:
    """Whether the KPI is declared and split by institution and month."""
    return kpi is not None and kpi.month_split == "rows" and "fixmedins_code" in kpi.dimensions
