"""Pieces that the ledgers share: filters as page queries take them, a choice in the address, the way to a KPI's list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from fundwatch.access import entry_at
from fundwatch.kpi import KpiValue, declarations
from fundwatch.screens.deadlines_reads import missing_table
from fundwatch.screens.series import MONTHS_DRAWN, whole_months
from fundwatch.ui import address
from fundwatch.ui.filters import Filters
from fundwatch.ui.lines import loaded_on
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_values, newest_data
from fundwatch.ui.shell import Page
from fundwatch.ui.tile import LIST_SCREEN
from fundwatch.ui.words import escaped

__all__ = [
    "BAR",
    "as_lists",
    "choose_one",
    "choose_several",
    "count_tile",
    "list_link",
    "missing_table",
    "monthly",
]
#: the filters of a ledger: those of the institution concerned
BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code")


def as_lists(filters: Filters) -> dict[str, list[str] | None]:
    """The filters as page queries take them: a list, or None for all."""
    return {name: list(filters.chosen[name]) if name in filters.chosen else None for name in BAR}


def monthly(page: Page, kpis: Sequence[str], period: Period, filters: Filters) -> dict[str, list[KpiValue]]:
    """The last twelve whole months of each KPI, for the lines of tiles; none of a KPI that is not split by month."""
    newest = newest_data(page)
    if newest is None:
        return {kpi: [] for kpi in kpis}
    months = whole_months(period.end, newest, loaded_on(page)).last(MONTHS_DRAWN)
    split = [kpi for kpi in kpis if declarations()[kpi].month_split]
    values = (
        kpi_values(page, split, months.start, months.end, by="month", filters=filters.for_kpi)
        if split
        else []
    )
    return {kpi: [value for value in values if value.kpi == kpi] for kpi in kpis}


def choose_one(label: str, name: str, words: Mapping[str, str]) -> str:
    """A choice that stands in the address as ``name``; the first word stands for none."""
    values = list(words)
    given = next(iter(address.values(name)), values[0])
    # The address is the only memory: the widget is set from it on each run and its callback writes back.
    st.session_state[f"choice_{name}"] = given if given in words else values[0]
    st.selectbox(
        label, values, key=f"choice_{name}", format_func=lambda value: words[value], on_change=_one_chosen,
        args=(name, values[0]),
    )  # fmt: skip
    return str(st.session_state[f"choice_{name}"])


def choose_several(label: str, name: str, values: list[str]) -> list[str]:
    """Values chosen for the list; none stands for all."""
    given = [value for value in address.values(name) if value in values]
    st.session_state[f"choices_{name}"] = given
    st.multiselect(
        label,
        values,
        key=f"choices_{name}",
        placeholder="全部",
        select_all=False,
        on_change=_several_chosen,
        args=(name,),
    )
    return given


def count_tile(key: str, label: str, value: str, note: str, narrowing: Mapping[str, str | None]) -> None:
    """A number of the list below, in a row of tiles that the caller has opened; its button narrows the list to it."""
    with st.container(border=True, height="stretch", gap="xsmall", key=f"tile_{key}"):
        st.metric(label, value)
        st.markdown(f":small[:gray[{escaped(note)}]]")
        st.button(
            "查看清单",
            key=f"open_{key}",
            icon=":material/list:",
            type="tertiary",
            on_click=address.put,
            args=(narrowing,),
        )


def list_link(page: Page, kpi: str, label: str, **cell: str) -> None:
    """A link to the rows behind a KPI, where this person may open lists."""
    listing = entry_at(LIST_SCREEN)
    if listing is not None and listing.open_to(page.roles):
        query = address.onward(address.current(), page.entry.url_path, {"kpi": kpi, **cell})
        st.page_link(listing.path, label=label, icon=":material/list:", query_params=query)


def _one_chosen(name: str, default: str) -> None:
    value = st.session_state[f"choice_{name}"]
    address.put({name: None if value == default else value})


def _several_chosen(name: str) -> None:
    address.put({name: st.session_state[f"choices_{name}"]})
