"""The browser's back button: one press leads one screen back."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

from fundwatch.home import PROJECT

SCRIPT = PROJECT / "fundwatch" / "ui" / "assets" / "history.js"


def one_step_back(screen: str) -> None:
    """Keep the browser's history to screens a person has been on; ``screen`` is this one's url_path."""
    _component()(key="one_step_back", data={"screen": screen}, height=0)


@lru_cache(maxsize=1)
def _component() -> Any:
    return st.components.v2.component("fundwatch.history", js=SCRIPT.read_text(encoding="utf-8"))
