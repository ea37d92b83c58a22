"""本页参数: what the screen's numbers were made with, and the way to where it is changed. One piece for every screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from fundwatch.access import entry_at
from fundwatch.clock import china_today
from fundwatch.kpi import declarations
from fundwatch.screens.settings_used import Used, used, used_lists
from fundwatch.ui import address, numbers
from fundwatch.ui.query import newest_data, page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.words import escaped

SCREEN = "settings"


def used_here(
    page: Page,
    kpis: Sequence[str] = (),
    *,
    parameters: Sequence[str] = (),
    lists: Sequence[str] = (),
    on: dt.date | None = None,
) -> None:
    """Draw the popover 本页参数; nothing where the screen uses no value that can be set.

    ``on``: the day whose values count; by default the last day of the period in the address, else the newest day of the data.
    ``parameters`` and ``lists`` are those that no KPI of the screen declares (rule parameters, ``event_mark``).
    """
    day = on or day_of(page)
    found = lines(page, kpis, parameters=parameters, lists=lists, on=day)
    if not found:
        return
    with st.popover("本页参数", icon=":material/tune:"):
        st.caption(f"按 {numbers.date(day)} 的取值计算。")
        for line in found:
            st.markdown(escaped(f"{line.label}:{line.value}"))
            if line.note:
                st.caption(escaped(line.note))
        _way_to_settings(page)


def lines(
    page: Page, kpis: Sequence[str], *, parameters: Sequence[str] = (), lists: Sequence[str] = (), on: dt.date
) -> list[Used]:
    """What ``used_here`` shows."""
    known = declarations()
    chosen = [known[name] for name in kpis]
    first = page.warehouse.meta.get("first_data") if page.has_data else None
    found = used(
        page.settings.now(), chosen, parameters, on, dt.date.fromisoformat(first[:10]) if first else None
    )
    if page.has_data:
        rows = {row["table_name"]: row["row_cnt"] for row in page_query(page, "settings_lists").to_pylist()}
        found += used_lists(chosen, rows, lists)
    return found


def day_of(page: Page) -> dt.date:
    """The last day of the period in the address, else the newest day of the data, else today."""
    given = next(iter(address.values("to")), "")
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        return (newest_data(page) if page.has_data else None) or china_today()


def _way_to_settings(page: Page) -> None:
    entry = entry_at(SCREEN)
    if entry is not None and entry.open_to(page.roles):
        query = address.onward({}, page.entry.url_path, {})
        st.page_link(entry.path, label="查看来源、历次取值或修改", icon=":material/tune:", query_params=query)
