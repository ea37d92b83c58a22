"""The address of a screen: what is chosen stands in it, survives drill-down and can be shared as a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from fundwatch.access import Entry, entry_at

#: the screens that led here, as url_paths joined by dots; the start page is not part of it
TRAIL = "via"
LONGEST_TRAIL = 6
#: what stays when a person changes screens through the menu
KEPT = (
    "from", "to", "fixmedins_type", "level_class", "medins_natu", "town_code", "admdvs", "insutype",
)  # fmt: skip
MEMORY, SCREEN = "_kept_choices", "_screen"
Query = dict[str, list[str]]


def current() -> Query:
    """The parameters of the address, each a list."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def values(name: str) -> list[str]:
    """All values of a parameter; an empty list when it is not there."""
    return st.query_params.get_all(name)


def put(changes: Mapping[str, str | Sequence[str] | None]) -> None:
    """Set parameters of the address; None or an empty list takes one out."""
    for name, value in changes.items():
        if value:
            st.query_params[name] = [value] if isinstance(value, str) else list(value)
        elif name in st.query_params:
            del st.query_params[name]
    remember()


def arrive(entry: Entry) -> None:
    """Called by the guard: on changing screens through the menu, bring the choices along."""
    if st.session_state.get(SCREEN) != entry.url_path:
        st.session_state[SCREEN] = entry.url_path
        kept: Query = st.session_state.get(MEMORY, {})
        if kept and not any(name in st.query_params for name in KEPT):
            for name, chosen in kept.items():
                st.query_params[name] = chosen
    remember()


def remember() -> None:
    """Note the choices in the address for the next screen."""
    st.session_state[MEMORY] = {name: chosen for name, chosen in current().items() if name in KEPT}


def onward(query: Query, from_screen: str, changes: Mapping[str, str | Sequence[str] | None]) -> Query:
    """The parameters for a next level: those here, the changes, and this screen added to the trail."""
    trail = [*trail_of(query), from_screen][-LONGEST_TRAIL:]
    return _changed(query, {**changes, TRAIL: ".".join(trail)})


def back_to(query: Query, position: int) -> Query:
    """The parameters for the screen at ``position`` of the trail: the trail is cut there."""
    return _changed(query, {TRAIL: ".".join(trail_of(query)[:position])})


def trail_of(query: Query) -> list[str]:
    """The url_paths of the screens that led here; unknown words are left out."""
    words = [word for text in query.get(TRAIL, []) for word in text.split(".")]
    return [word for word in words if entry_at(word)]


def open_screen(url_path: str, from_screen: str, **changes: str | Sequence[str] | None) -> None:
    """Go to the next level, with the choices of this screen and what identifies the thing clicked."""
    entry = entry_at(url_path)
    if entry is None:
        raise LookupError(f"no screen {url_path} in the page table")
    st.switch_page(entry.path, query_params=onward(current(), from_screen, changes))


def _changed(query: Query, changes: Mapping[str, str | Sequence[str] | None]) -> Query:
    result = dict(query)
    for name, value in changes.items():
        result.pop(name, None)
        if value:
            result[name] = [value] if isinstance(value, str) else list(value)
    return result
