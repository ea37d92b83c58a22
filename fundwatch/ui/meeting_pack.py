"""会议材料 to take away: the whole pack in one click, or one file; made on the click, on record."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.draws.lots import Signer
from fundwatch.errors import UserError
from fundwatch.export.small_cells import threshold
from fundwatch.meetings import outside
from fundwatch.meetings.brief import Brief
from fundwatch.meetings.pack import KINDS, make_file, make_pack, stem, zipped
from fundwatch.ui import export
from fundwatch.ui.shell import Page
from fundwatch.ui.signin import session_check

LABELS = {"pptx": "PPTX 演示稿", "docx": "DOCX 公文", "pdf": "PDF", "xlsx": "Excel(含口径)"}
MIME = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def pack_buttons(page: Page, brief: Brief, signer: Signer) -> None:
    """Five download buttons."""
    name = stem(brief.meeting.held_on)
    if export.for_others("pack"):
        brief = outside.for_others(brief, threshold(page.settings, china_today()))
    everything = _maker(page, lambda: zipped(make_pack(page.home, brief, signer)))
    _button("全套材料(四种格式)", everything, f"{name}.zip", "application/zip", "pack_all", main=True)
    for kind in KINDS:

        def one(kind: str = kind) -> bytes:
            return make_file(page.home, brief, kind, signer).content

        _button(LABELS[kind], _maker(page, one), f"{name}.{kind}", MIME[kind], f"pack_{kind}")
    st.caption("材料只含汇总数;每次导出都会记录。讨论稿定稿后请重新导出。")


def _button(
    label: str, make: Callable[[], bytes], name: str, mime: str, key: str, *, main: bool = False
) -> None:
    st.download_button(
        label, data=make, file_name=name, mime=mime, key=key, icon=":material/download:", on_click="ignore",
        width="stretch", type="primary" if main else "secondary",
    )  # fmt: skip


def _maker(page: Page, make: Callable[[], bytes]) -> Callable[[], bytes]:
    still_allowed = session_check(page.home)

    def made() -> bytes:
        # The button may stand on an open screen long after the session ended.
        if not still_allowed():
            raise UserError("登录已过期,请重新登录后导出。")
        return make()

    return made
