"""Further parts of 机构画像: one KPI looked at closely, and the stock ledger of a pharmacy."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fundwatch.kpi import KpiValue
from fundwatch.screens import stock
from fundwatch.screens.institution import Standing, Way
from fundwatch.screens.peers import funnel_of_kpi
from fundwatch.ui import profile
from fundwatch.ui.control import show_control
from fundwatch.ui.funnel import show_funnel
from fundwatch.ui.monthly import control_views
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.query import newest_data, page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.states import guarded
from fundwatch.ui.words import escaped


def one_by_one(
    page: Page, context: Context, standings: Sequence[Standing], values: Sequence[KpiValue], code: str
) -> None:
    """A chosen indicator that has limits: the institution among its level, and by month."""
    limited = [one for one in standings if one.way is Way.LIMITS]
    if not limited:
        return
    chosen = profile.kpi_chooser(limited)
    left, right = st.columns(2, gap="large")
    with left, guarded("同级别比较"):
        own = [value for value in values if value.kpi == chosen.id]
        names = {
            row["fixmedins_code"]: row["fixmedins_name"]
            for row in page_query(page, "kpi_institution_names").to_pylist()
        }
        show_funnel(page, funnel_of_kpi(chosen, own, names, own=code), key="funnel")
    with right, guarded("逐月趋势"):
        end = context.period.end
        for view in control_views(
            page,
            chosen,
            end,
            newest_data(page) or end,
            context.filters.for_kpi,
            label=f"本机构{chosen.label}",
        ):
            show_control(view, key="control")


def show_stock(page: Page, context: Context, code: str) -> None:
    """The stock ledger of the period's months; nothing where the institution hands none in."""
    rows = page_query(
        page,
        "institution_stock",
        code=code,
        first_month=f"{context.period.start:%Y-%m}",
        last_month=f"{context.period.end:%Y-%m}",
    )
    if not rows.num_rows:
        return
    part_list(page, context, "进销存", rows, stock.FIELDS, key="stock", empty="")
    st.caption(escaped(stock.finding(rows.to_pylist())))
