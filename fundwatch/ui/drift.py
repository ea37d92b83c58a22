"""The reads behind the alerts of drifting institutions, kept per version: hundreds of series are looked at once a build."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import streamlit as st

from fundwatch.kpi import declarations, evaluate
from fundwatch.screens.drift import WATCHED, Alerts, alerts
from fundwatch.screens.series import is_ripe, whole_months
from fundwatch.settings import Settings
from fundwatch.ui.lines import loaded_on
from fundwatch.ui.query import ENTRIES, TTL, Reads, page_query
from fundwatch.ui.shell import Page
from fundwatch.warehouse import Warehouse

BUDGET = "drift_alerts_per_month"


def institution_alerts(page: Page | Reads, newest: dt.date) -> Alerts:
    """Alerts of all institutions over the KPIs watched, up to ``newest``; the bureau's budget comes from its settings."""
    rows = page_query(page, "institution_levels").to_pylist()
    keys = (page.warehouse.version, page.settings.version)
    return _alerts(
        page.warehouse,
        page.settings,
        keys,
        newest=newest,
        loaded=loaded_on(page),
        names={row["fixmedins_code"]: row["fixmedins_name"] for row in rows},
        levels={row["fixmedins_code"]: row["level_class"] for row in rows if row["level_class"]},
    )


@st.cache_data(ttl=TTL, max_entries=ENTRIES, show_spinner=False)
def _alerts(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], *, newest: dt.date, loaded: dt.date,
    names: dict[str, str], levels: dict[str, str],
) -> Alerts:  # fmt: skip
    known: dict[str, Any] = {name: declarations()[name] for name in WATCHED if _can_watch(name)}
    months = whole_months(newest, newest, loaded)
    values = {
        name: evaluate(_warehouse, _settings, [name], months.start, months.end, "fixmedins_code,month")
        for name in known
    }
    held = {name: {str(one.key)[-7:] for one in own} for name, own in values.items()}
    ripe = {
        name: [
            month
            for month in months.names
            if month >= min(held[name], default="9999") and is_ripe(kpi, month, newest)
        ]
        for name, kpi in known.items()
    }
    budget = Decimal(str(_settings.get(BUDGET, newest)))
    return alerts(values, known, ripe, names=names, levels=levels, budget=budget)


def _can_watch(name: str) -> bool:
    """Whether the KPI is declared and split by institution and month."""
    kpi = declarations().get(name)
    return kpi is not None and kpi.month_split == "rows" and "fixmedins_code" in kpi.dimensions
