"""Whose rows a screen shows: the choice of a county, and what accounts limited to a county, a town or a work group are told."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.kpi.declaration import COUNTY
from fundwatch.kpi.reach import Reach, reach
from fundwatch.ui.county import county_choice
from fundwatch.ui.query import page_query
from fundwatch.ui.shell import Page, current_warehouse
from fundwatch.ui.words import escaped

#: a longer list of indicators would push the screen down
NAMED = 6


def show_county(page: Page) -> None:
    """The choice of the county; nothing where there is one only."""
    if page.has_data:
        whole = current_warehouse(page.home, page.user.sight) if page.county else page.warehouse
        county_choice(page.entry, page.user, whole, page.county)


def scope_line(page: Page, kpis: Sequence[str]) -> None:
    """The line below a screen's title; nothing for accounts of the whole county."""
    if words := scope_words(page, kpis):
        st.caption(escaped(words))


def scope_words(page: Page, kpis: Sequence[str]) -> str:
    """数据范围:城关镇的机构。全县口径:基金收入、基金支出。"""
    parts = []
    wanted = [declarations()[name] for name in (kpis or declarations())]
    if page.sight.county is not None:
        parts.append(f"数据范围:{county_name(page)},清单与数字均只含该县区;待遇类指标按参保地。")
        parts += _named(
            "没有分县区数据的指标不显示", [one.label for one in wanted if COUNTY not in one.filterable]
        )
    if page.sight.town is not None:
        parts.append(f"数据范围:{town_name(page)}的定点机构,清单与数字均只含这些机构。")
        county = (
            [kpi.label for kpi in wanted if reach(kpi.id) is Reach.COUNTY] if not page.sight.county else []
        )
        parts += _named("没有机构归属的指标仍为全县口径", county)
    if page.sight.group is not None:
        parts.append(f"任务只含工作组“{page.sight.group}”的。")
    return "".join(parts)


def _named(what: str, labels: Sequence[str]) -> list[str]:
    more = f"等 {len(labels)} 项" if len(labels) > NAMED else ""
    return [f"{what}:{'、'.join(labels[:NAMED])}{more}。"] if labels else []


def county_name(page: Page) -> str:
    """The name of the county that is looked at, its code where the list does not know it."""
    code = str(page.sight.county)
    names = (
        {row["admdvs"]: row["admdvs_name"] for row in page_query(page, "scope_county").to_pylist()}
        if page.has_data
        else {}
    )
    return names.get(code) or code


def town_name(page: Page) -> str:
    """The name of the account's town, its code where the data do not know it."""
    code = str(page.sight.town)
    if not page.has_data:
        return code
    names = {row["town_code"]: row["town_name"] for row in page_query(page, "scope_town").to_pylist()}
    return names.get(code) or code
