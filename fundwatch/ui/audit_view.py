"""The trace of looking at personal-level rows: who opened which object, once per session, object and data version."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.screens.fields import Field
from fundwatch.state.audit import VIEWED as ACTION
from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.ui.shell import Page

#: screens that say themselves what is looked at: one claim, one period, one institution's month
OWN_NOTES = frozenset({"case", "screening", "high-risk", "institution"})
SEEN = "_personal_rows_seen"


def note_view(page: Page, what: str, rows: int) -> None:
    """Record that this person sees ``rows`` rows of ``what`` (结算 S…, 案件 AJ…); reruns of the same screen add nothing."""
    seen: set[tuple[str, str]] = st.session_state.setdefault(SEEN, set())
    version = page.warehouse.version if page.has_data else ""
    key = (version, what)
    if key in seen or not rows:
        return
    detail = {"screen": page.entry.url_path, "rows": rows, "version": version}
    record(engine(page.home), page.user.username, ACTION, what, detail)
    seen.add(key)


def note_list(page: Page, fields: Sequence[Field], rows: int) -> None:
    """Record a list with personal columns, wherever one is drawn: no screen has to think of it."""
    labels = [field.label for field in fields if field.name in PERSONAL_COLUMNS]
    if labels and page.entry.url_path not in OWN_NOTES:
        note_view(page, f"{page.entry.title} 清单({'、'.join(labels)})", rows)
