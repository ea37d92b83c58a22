"""One choice of a screen that belongs to its address: which KPI colours the map, which month a list shows."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from fundwatch.ui import address


def choose(name: str, label: str, words: Mapping[str, str], chosen: str) -> str:
    """Draw a select box over ``words`` (value → word) and return what is chosen; the first value stands for none."""
    key = f"choice_{name}"
    values = list(words)
    # The address is the only memory: the widget is set from it on each run and its callback writes back.
    st.session_state[key] = chosen if chosen in words else values[0]
    st.selectbox(
        label,
        values,
        key=key,
        format_func=lambda value: words[value],
        on_change=_chosen,
        args=(name, key, values[0]),
    )
    return str(st.session_state[key])


def _chosen(name: str, key: str, default: str) -> None:
    value = st.session_state[key]
    address.put({name: None if value == default else value})
