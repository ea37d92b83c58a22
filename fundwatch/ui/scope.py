"""What an account limited to a town or a work group is told on every screen: whose rows these are, and which numbers are the county's."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.kpi.reach import Reach, reach
from fundwatch.ui.query import page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.words import escaped

#: a longer list of indicators would push the screen down
NAMED = 6


def scope_line(page: Page, kpis: Sequence[str]) -> None:
    """The line below a screen's title; nothing for accounts of the whole county."""
    if words := scope_words(page, kpis):
        st.caption(escaped(words))


def scope_words(page: Page, kpis: Sequence[str]) -> str:
    """数据范围:城关镇的机构。全县口径:基金收入、基金支出。"""
    parts = []
    if page.sight.town is not None:
        parts.append(f"数据范围:{town_name(page)}的定点机构,清单与数字均只含这些机构。")
        wanted = [declarations()[name] for name in (kpis or declarations())]
        county = [kpi.label for kpi in wanted if reach(kpi.id) is Reach.COUNTY]
        more = f"等 {len(county)} 项" if len(county) > NAMED else ""
        if county:
            parts.append(f"没有机构归属的指标仍为全县口径:{'、'.join(county[:NAMED])}{more}。")
    if page.sight.group is not None:
        parts.append(f"任务只含工作组“{page.sight.group}”的。")
    return "".join(parts)


def town_name(page: Page) -> str:
    """The name of the account's town, its code where the data do not know it."""
    code = str(page.sight.town)
    if not page.has_data:
        return code
    names = {row["town_code"]: row["town_name"] for row in page_query(page, "scope_town").to_pylist()}
    return names.get(code) or code
