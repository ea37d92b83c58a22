"""The parts of 月报与导出: preview, state of the six items, submission, history with corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from fundwatch.access import ABILITIES, Ability, roles_in_words
from fundwatch.clock import china_today, clock_day
from fundwatch.reports.monthly import (
    Month,
    MonthlyReport,
    changes,
    monthly_report,
    submissions,
    submit,
    submitted_files,
)
from fundwatch.reports.monthly.changes import changes_in_words
from fundwatch.reports.monthly.files import NAME, TEMPLATES, file_of
from fundwatch.reports.monthly.store import LONGEST
from fundwatch.screens import monthly_report as view
from fundwatch.settings import Settings
from fundwatch.ui.document import document_buttons, show_document
from fundwatch.ui.ledger import choose_one, missing_table
from fundwatch.ui.part import choose_part
from fundwatch.ui.query import TTL
from fundwatch.ui.sheet import sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.states import guarded
from fundwatch.ui.table import show_list
from fundwatch.ui.words import escaped
from fundwatch.warehouse import Warehouse

MONTH, CHOSEN, SAID = "month", "report", "monthly_said"
#: a report with its document is about 60 kB
ENTRIES = 24


@dataclass(frozen=True)
class Scene:
    """What every part is made of."""

    page: Page
    report: MonthlyReport
    today: dt.date


def read_report(page: Page, month: Month) -> MonthlyReport:
    """The month's report, kept for this version, these settings and this day."""
    return _read(
        page.warehouse, page.settings, (page.warehouse.stamp, page.settings.version), month, china_today()
    )


@st.cache_data(ttl=TTL, max_entries=ENTRIES, show_spinner="正在汇总六项信息…")
def _read(
    _warehouse: Warehouse, _settings: Settings, keys: tuple[str, str], month: Month, on: dt.date
) -> MonthlyReport:
    return monthly_report(_warehouse, _settings, month, on)


def choose_month(newest: dt.date, first: dt.date | None) -> Month:
    """The picker; the month stands in the address."""
    offered = view.months(newest, first)
    return Month.read(choose_one("月份", MONTH, {str(month): month.words for month in offered}))


def downloads(scene: Scene) -> None:
    """Word and PDF of the month as the data stand now."""
    report = scene.report
    make = {ending: _maker(report, ending) for ending in TEMPLATES}
    detail = {"month": str(report.month), "version": report.version}
    document_buttons(scene.page, f"{NAME}_{report.month}", make, detail, key="monthly")


def _maker(report: MonthlyReport, ending: str) -> Callable[[], bytes]:
    return lambda: file_of(report.document, ending)


def top(scene: Scene) -> None:
    """Days left, completeness and what was submitted, before the parts."""
    if words := st.session_state.pop(SAID, None):
        st.success(escaped(words), icon=":material/check_circle:")
    lead, rest = scene.report.countdown(clock_day(scene.today, scene.report.newest))
    st.markdown(f"**{escaped(f'{scene.report.month.words}六项信息:{lead}')}**。{escaped(f'{rest}。')}")
    if words := view.incomplete_words(scene.report):
        st.warning(words, icon=":material/schedule:")


def show_part(scene: Scene) -> None:
    """The chosen part below the top."""
    PARTS[choose_part({name: word for name, (word, _) in PARTS.items()})][1](scene)


def _preview(scene: Scene) -> None:
    with st.container(border=True, key="printed", width=960), guarded("月报预览"):
        show_document(scene.report.document, "preview")


def _filings(scene: Scene) -> None:
    if why := missing_table(scene.page, "report_filing"):
        st.caption(f"{why}。每月10日前报送上月六项信息,报送情况无法统计。")
        return
    sheet(*view.filing_sheet(scene.report.filings), key="monthly_filings")
    st.caption(
        "报送日期和报送人取自六项信息报送台账;应报日期已过而没有登记的为未报。全年情况见预览“报送情况”。"
    )


def _submit(scene: Scene) -> None:
    page, report = scene.page, scene.report
    made = submissions(page.home, report.month)
    st.markdown(escaped(view.standing_words(made)))
    if not page.can(Ability.SUBMIT):
        st.caption(f"月报由{roles_in_words(ABILITIES[Ability.SUBMIT])}提交,其他角色可以查看和下载。")
        return
    st.caption(
        "提交后,本次的数字、数据版本和两个文件固定保存,不能修改或删除;以后数据有变化,在“提交记录与更正”中对照。"
    )
    note = st.text_input("说明(可不填)", key=f"monthly_note_{len(made)}", max_chars=LONGEST)
    if st.button("提交并冻结", type="primary", icon=":material/lock:"):
        with guarded("提交"):
            done = submit(page.home, report, page.settings.version, page.user, note)
            state: Any = st.session_state
            state[SAID] = f"已提交 {done.report_id}({report.month.words}),数字和文件已冻结。"
            st.rerun()


def _history(scene: Scene) -> None:
    page = scene.page
    made = submissions(page.home)
    if not made:
        st.info(
            "还没有提交过月报。提交后,这里保留当时的文件,并对照目前数据列出更正差异。",
            icon=":material/inbox:",
        )
        return
    show_list(page, view.submission_table(made), view.SUBMISSION_FIELDS, key="submissions", search=False)
    own = [one for one in made if one.month == str(scene.report.month)]
    ordered = [*own, *(one for one in made if one not in own)]
    words = {one.report_id: f"{Month.read(one.month).words} {one.report_id}" for one in ordered}
    chosen = next(one for one in made if one.report_id == choose_one("查看", CHOSEN, words))
    st.subheader(f"{escaped(chosen.report_id)} 更正差异", anchor=False)
    with guarded("更正差异"):
        current = read_report(page, Month.read(chosen.month))
        found = changes(chosen.figures, current.figures)
        st.markdown(escaped(changes_in_words(found)))
        if found:
            sheet(*view.change_sheet(found), key=f"changes_{chosen.report_id}")
        st.caption(
            f"提交时数据版本 {chosen.data_version},目前 {current.version}。金额单位元;差额为目前减提交时。"
        )
    with st.container(horizontal=True, key="actions_submitted"):
        kept = {ending: _kept(page, chosen.report_id, ending) for ending in TEMPLATES}
        detail = {"month": chosen.month, "version": chosen.data_version, "report_id": chosen.report_id}
        document_buttons(
            page, f"{NAME}_{chosen.month}_{chosen.report_id}", kept, detail, key=f"kept_{chosen.report_id}"
        )
        st.caption("提交时的原文件。")


def _kept(page: Page, report_id: str, ending: str) -> Callable[[], bytes]:
    def read() -> bytes:
        one = next(each for each in submissions(page.home) if each.report_id == report_id)
        return submitted_files(page.home, one).of(ending)

    return read


#: name in the address → (word, what draws it)
PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "preview": ("预览", _preview),
    "filings": ("报送情况", _filings),
    "submit": ("提交", _submit),
    "history": ("提交记录与更正", _history),
}
