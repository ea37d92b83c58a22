"""One part of a long screen at a time; which one belongs to the address, and only that one is computed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from fundwatch.ui import address

NAME, KEY = "part", "part_choice"


def choose_part(words: Mapping[str, str]) -> str:
    """Draw the parts (value → word) side by side and return the one chosen; the first stands for none."""
    values = list(words)
    given = next(iter(address.values(NAME)), values[0])
    # The address is the only memory: the widget is set from it on each run and its callback writes back.
    chosen = given if given in words else values[0]
    st.session_state[KEY] = chosen
    st.segmented_control(
        "内容",
        values,
        key=KEY,
        format_func=lambda value: words[value],
        label_visibility="collapsed",
        on_change=_chosen,
        args=(values[0], chosen),
    )
    # nothing is chosen after a second click on the chosen part
    return str(st.session_state[KEY] or chosen)


def _chosen(default: str, before: str) -> None:
    # A second click on the chosen part takes the choice away; the part stays.
    value = st.session_state[KEY] or before
    address.put({NAME: None if value == default else value})
