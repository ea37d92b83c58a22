"""A screen whose main number counts nothing under the filters: which filter is the reason, and a button that loosens it."""

from __future__ import annotations

import streamlit as st

from fundwatch.ui.filters import Filters, empty_state
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_values
from fundwatch.ui.shell import Page


def stop_when_empty(page: Page, what: str, kpi: str, period: Period, filters: Filters) -> None:
    """End the run with the empty state where the denominator of ``kpi`` is nothing: tiles of zeros below would look like a finding.

    ``what`` names what the denominator counts.
    """

    def counted(chosen: Filters) -> bool:
        values = kpi_values(page, [kpi], period.start, period.end, filters=chosen.for_kpi)
        return any(value.denominator for value in values)

    if counted(filters):
        return
    empty_state(what, period.words, filters, counted)
    st.stop()
