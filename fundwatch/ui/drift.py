"""The reads behind the alerts of drifting institutions, kept per version: hundreds of series are looked at once a build."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.screens.drift import Alert, Alerts
from fundwatch.screens.drift_reads import BUDGET, asked, drifting
from fundwatch.settings import Settings
from fundwatch.stats.words import DRIFT
from fundwatch.ui import address, numbers
from fundwatch.ui.query import ENTRIES, TTL, Reads
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, show_list
from fundwatch.ui.words import escaped
from fundwatch.warehouse import Warehouse

__all__ = ["BUDGET", "alert_rows", "institution_alerts", "show_alerts"]


def institution_alerts(page: Page | Reads, newest: dt.date) -> Alerts:
    """Alerts of all institutions over the KPIs watched, up to ``newest``; kept per version."""
    counting = page.warehouse.counting
    return _alerts(counting, page.settings, (counting.stamp, page.settings.version), **asked(page, newest))


@st.cache_data(ttl=TTL, max_entries=ENTRIES, show_spinner=False)
def _alerts(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], **asked_for: Any
) -> Alerts:  # fmt: skip
    return drifting(_warehouse, _settings, **asked_for)


ALERT_FIELDS = (
    Field("name", "机构"), Field("level", "级别"), Field("kpi", "指标"), Field("direction", "变化"), Field("since", "自"),
    Field("month", "触发月份"), Field("before", "此前百分位", "score"), Field("percentile", "现百分位", "score"),
)  # fmt: skip


def alert_rows(found: Sequence[Alert]) -> pa.Table:
    """The alerts as a list, newest first; ``fixmedins_code`` and ``kpi_id`` are what a row opens."""
    kind = pa.decimal128(6, 1)
    schema = pa.schema([
        *((name, pa.string()) for name in ("fixmedins_code", "kpi_id", "name", "level", "kpi", "direction", "since", "month")),
        ("before", kind), ("percentile", kind),
    ])  # fmt: skip
    rows = [
        {
            "fixmedins_code": one.code, "kpi_id": one.kpi.id, "name": one.name, "level": one.level, "kpi": one.kpi.label,
            "direction": DRIFT[one.direction], "since": numbers.month(one.since), "month": numbers.month(one.month),
            "before": one.percentile_before, "percentile": one.percentile,
        }
        for one in found
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def show_alerts(page: Page, found: Alerts, key: str) -> None:
    """The sentence and the open alerts; a row opens the institution's profile at that indicator."""
    st.markdown(escaped(found.text))
    if not found.open:
        return

    def open_row(row: dict[str, Any]) -> None:
        address.open_screen(
            "institution",
            page.entry.url_path,
            code=row["fixmedins_code"],
            look=row["kpi_id"],
            fixmedins_code=None,
        )

    show_list(page, alert_rows(found.open), ALERT_FIELDS, key=key, open_row=open_row)
