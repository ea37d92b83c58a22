"""The period of a screen: month, quarter, year to date or any days; in the address as ``from`` and ``to``."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from fundwatch.screens.period import FROM, TO, Kind, Period, kind_of, month_end, of_kind, read_period
from fundwatch.ui import address

__all__ = ["FROM", "TO", "Kind", "Period", "kind_of", "month_end", "of_kind", "period_picker", "read_period"]


def period_picker(newest: dt.date) -> Period:
    """Draw the picker and return the period; ``newest`` is the newest day of the screen's data."""
    period = read_period(st.query_params, newest)
    kind = kind_of(period, newest)
    # The address is the only memory: the widget is set from it on each run and its callback writes back.
    st.session_state["period_kind"] = (
        kind.value if not st.session_state.get("period_open") else Kind.CUSTOM.value
    )
    st.selectbox("期间", [k.value for k in Kind], key="period_kind", on_change=_kind_chosen, args=(newest,))
    if st.session_state["period_kind"] == Kind.CUSTOM:
        for key, word, day in ((FROM, "起始日", period.start), (TO, "截止日", period.end)):
            # Two single days: the range widget has English shortcuts.
            st.session_state[f"period_{key}"] = day
            st.date_input(word, key=f"period_{key}", on_change=_days_chosen, format="YYYY-MM-DD")
    return period


def _kind_chosen(newest: dt.date) -> None:
    kind = Kind(st.session_state["period_kind"])
    st.session_state["period_open"] = kind is Kind.CUSTOM
    if kind is Kind.YEAR:
        address.put({FROM: None, TO: None})
    elif kind is not Kind.CUSTOM:
        chosen = of_kind(kind, newest)
        address.put({FROM: chosen.start.isoformat(), TO: chosen.end.isoformat()})


def _days_chosen() -> None:
    start, end = st.session_state[f"period_{FROM}"], st.session_state[f"period_{TO}"]
    # A first day after the last one moves the other along, so that there is always a period.
    end = max(start, end)
    address.put({FROM: start.isoformat(), TO: end.isoformat()})
