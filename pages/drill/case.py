"""个案详情: one claim (setl_id, or the visit's with mdtrt_id) or one case (case_id), from the first reminder to the money back."""

import datetime as dt

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.screens.pointed import reminder_words
from fundwatch.ui import address, case_view, start_page
from fundwatch.ui.audit_view import note_view
from fundwatch.ui.case_page import show_case
from fundwatch.ui.claim_page import find_settlement, read_claim, show_claim
from fundwatch.ui.filters import Filters
from fundwatch.ui.header import header
from fundwatch.ui.part_list import Context
from fundwatch.ui.period import Period
from fundwatch.ui.query import loaded_tables, page_query

page = start_page(__file__)

setl_id, case_id, mdtrt_id, reminder = (
    next(iter(address.values(name)), "") for name in ("setl_id", "case_id", "mdtrt_id", "warn_rslt_id")
)
through = {state.table: state.data_through for state in loaded_tables(page)}


def context_of(name: str, table: str, start: dt.date) -> Context:
    """A list of a case is taken away with the time the case spans, up to where the data reach."""
    last = through[table] or china_today()
    return Context(name, Period(start, max(start, last)), Filters({}, {}), through[table])


settled = page_query(page, "case_of_visit", mdtrt_id=mdtrt_id).to_pylist() if mdtrt_id and not setl_id else []
setl_id = setl_id or next((one["setl_id"] for one in settled), "")
row = find_settlement(page, setl_id) if setl_id else None
if row is not None:
    show_claim(page, read_claim(page, row), context_of(f"结算_{setl_id}", "setl_d", row["begndate"]))
    st.stop()

found = page_query(page, "case_head", case_id=case_id).to_pylist() if case_id else []
if found:
    show_case(page, found[0], context_of(f"案件_{case_id}", "clue_case", found[0]["opened_date"]))
    st.stop()

if mdtrt_id and not setl_id:
    header(page, data_through=through["setl_d"])
    of_reminder = page_query(page, "case_reminder", warn_rslt_id=reminder).to_pylist() if reminder else []
    note_view(page, f"就诊 {mdtrt_id}", len(of_reminder))
    case_view.pointed(reminder_words(of_reminder, reminder))
    case_view.unsettled(mdtrt_id)
    st.stop()
header(page, dated=False)
case_view.unknown("笔结算" if setl_id else "个案件", setl_id or case_id)
