"""Several counties in one installation: which one a screen looks at. With one county there is nothing here to see.

A chosen county is a sight of its own (``Sight.county``), as for an account that is limited to it: every read of the screen has that
county's rows only, whether or not a page thought of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from fundwatch.access import Entry
from fundwatch.kpi.declaration import COUNTY, DIMENSION_LABELS
from fundwatch.state.users import User
from fundwatch.ui import address
from fundwatch.ui.words import escaped
from fundwatch.warehouse import Warehouse

WHOLE = "全部县区"


def counties(warehouse: Warehouse) -> dict[str, str]:
    """Code → name of the counties that can be told apart; empty where there are not several, or the person sees one only."""
    from fundwatch.ui.query import read_query

    rows = read_query(warehouse, "scope_county").to_pylist()
    return {row["admdvs"]: row["admdvs_name"] for row in rows} if len(rows) > 1 else {}


def looked_at(entry: Entry, user: User, warehouse: Warehouse | None) -> str | None:
    """The county that the address names, where the screen can show one and the person may choose."""
    wanted = next(iter(address.values(COUNTY)), None)
    if not wanted or user.county or warehouse is None or not entry.has_counties:
        return None
    return wanted if wanted in counties(warehouse) else None


def county_choice(entry: Entry, user: User, whole: Warehouse | None, chosen: str | None) -> None:
    """The choice of the county below a screen's title; nothing with one county, or for an account limited to one."""
    words = counties(whole) if whole is not None and not user.county else {}
    if not words:
        return
    if not entry.has_counties:
        if address.values(COUNTY):
            st.caption("本页是全部县区的记录,县区选择在这里不起作用。")
        return
    wanted = next(iter(address.values(COUNTY)), None)
    if wanted and wanted != chosen:
        st.warning(escaped(f"县区表中没有 {wanted},显示全部县区。"), icon=":material/map:")
    st.session_state["county_choice"] = chosen or ""
    st.selectbox(
        DIMENSION_LABELS[COUNTY],
        ["", *words],
        key="county_choice",
        format_func=lambda code: words.get(code, WHOLE),
        on_change=_chosen,
        width=280,
    )


def with_county(county: str | None, query: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The parameters of an address with the county that is looked at, and with no other."""
    others = {name: list(values) for name, values in query.items() if name != COUNTY}
    return {**others, COUNTY: [county]} if county else others


def _chosen() -> None:
    # towns of another county would leave nothing
    address.put({COUNTY: st.session_state["county_choice"] or None, "town_code": None})
