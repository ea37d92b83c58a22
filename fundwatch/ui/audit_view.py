"""The trace of looking at personal-level rows: who opened which object, once per session, object and data version."""

from __future__ import annotations

import streamlit as st

from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.ui.shell import Page

SEEN = "_personal_rows_seen"
ACTION = "查看个人明细"


def note_view(page: Page, what: str, rows: int) -> None:
    """Record that this person sees ``rows`` rows of ``what`` (结算 S…, 案件 AJ…); reruns of the same screen add nothing."""
    seen: set[tuple[str, str]] = st.session_state.setdefault(SEEN, set())
    key = (page.warehouse.version, what)
    if key in seen or not rows:
        return
    detail = {"screen": page.entry.url_path, "rows": rows, "version": page.warehouse.version}
    record(engine(page.home), page.user.username, ACTION, what, detail)
    seen.add(key)
