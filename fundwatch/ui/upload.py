"""Handing in files: a look first, then the load with the same loader as the command, then a new version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from fundwatch.access import ABILITIES, Ability, roles_in_words
from fundwatch.build.runner import build
from fundwatch.errors import UserError
from fundwatch.lake import Lake
from fundwatch.loader import LoadReport, load_paths, preview_paths
from fundwatch.loader.inbox import discard, receive
from fundwatch.loader.sources import ACCEPTED
from fundwatch.loader.trace import STATUS, record_build, record_load
from fundwatch.progress import Step
from fundwatch.screens.quality import (
    PREVIEW_STATUS,
    preview_message,
    report_notes,
    report_rows,
    title_of,
)
from fundwatch.settings import Settings
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.states import guarded
from fundwatch.ui.turns import TURNS
from fundwatch.ui.words import escaped

FOLDER, LOOKED, LOADED, ROUND = "upload_folder", "upload_looked", "upload_loaded", "upload_round"
NOTES_SHOWN = 30
COLUMNS = (
    Column("文件", "name"), Column("表"), Column("结果"), Column("读入", "number"), Column("新增", "number"),
    Column("替换", "number"), Column("重复", "number", "middle"), Column("隔离", "number"),
)  # fmt: skip


def upload_section(page: Page, pending: Sequence[str]) -> None:
    """Draw the three steps as far as they have come."""
    if not page.can(Ability.UPLOAD):
        st.caption(
            f"上传由{roles_in_words(ABILITIES[Ability.UPLOAD])}办理;其他角色可以查看装载记录和隔离行。"
        )
        return
    state = st.session_state
    with guarded("上传"):
        if state.get(LOADED):
            _loaded(page, state[LOADED])
        elif state.get(LOOKED):
            _looked(page, state[LOOKED])
        else:
            _choose(page)
        if pending:
            offer_build(page, pending)


def _choose(page: Page) -> None:
    st.caption(
        f"文件名以表名开头,例如 setl_d_2024-06.csv;国家两库知识点工作簿(XLSX)按内容识别,不必改名。"
        f"可以一次选多个文件。支持 {ACCEPTED}。"
        "先检查、不改动数据;确认后才载入。姓名、证件号、电话、住址不读入,上传的原件在载入后删除。"
    )
    files = st.file_uploader(
        "选择文件", accept_multiple_files=True, key=f"upload_files_{st.session_state.get(ROUND, 0)}",
        label_visibility="collapsed",
    )  # fmt: skip
    if st.button("检查文件", type="primary", icon=":material/rule:", disabled=not files):
        _forget_folder(page)
        folder = receive(page.home, [(file.name, file) for file in files])
        st.session_state[FOLDER] = str(folder)
        with _bar("正在检查") as step:
            st.session_state[LOOKED] = preview_paths(page.home, [folder], step)
        st.rerun()


def _looked(page: Page, report: LoadReport) -> None:
    st.markdown(f"**检查结果**:{escaped(preview_message(report.files))}")
    _report(report, PREVIEW_STATUS, "preview")
    useful = any(file.status == "loaded" for file in report.files)
    replaced = sum(file.replaced for file in report.files)
    label = f"确认载入,替换 {replaced:,} 行" if replaced else "确认载入"
    with st.container(horizontal=True):
        confirmed = st.button(label, type="primary", icon=":material/check:", disabled=not useful)
        given_up = st.button("放弃本次上传", icon=":material/close:")
    if given_up:
        start_again(page)
        st.rerun()
    if confirmed:
        folder = Path(st.session_state[FOLDER])
        if not folder.is_dir():
            start_again(page)
            raise UserError("上传的文件已被清理,请重新选择。")
        with _bar("正在载入") as step:
            done = load_paths(page.home, [folder], step)
        for file in done.files:
            record_load(page.home, page.user.username, file)
        start_again(page)
        st.session_state[LOADED] = done
        st.rerun()


def _loaded(page: Page, report: LoadReport) -> None:
    st.markdown("**载入报告**:读入 = 新增 + 替换 + 重复 + 隔离,逐个文件核对。")
    _report(report, STATUS, "loaded")
    if st.button("继续上传", icon=":material/upload:"):
        start_again(page)
        st.rerun()


def offer_build(page: Page, pending: Sequence[str]) -> None:
    """A band and the button that makes a version with what these tables have newly loaded."""
    titles = "、".join(str(title_of(table)) for table in pending[:5]) + (
        f"等 {len(pending)} 张表" if len(pending) > 5 else ""
    )
    offer_version(page, f"{titles}有新载入的数据,页面还在使用上一个版本。")


def offer_version(page: Page, words: str) -> None:
    """A band that says why, and the button that makes the next version."""
    st.warning(words, icon=":material/update:")
    if st.button("生成新版本", type="primary", icon=":material/deployed_code:"):
        with _bar("正在生成") as step:
            report = build(page.home, Lake(page.home), Settings(page.home), step=step)
        record_build(page.home, page.user.username, report)
        st.session_state.pop(LOADED, None)
        st.toast(f"已发布版本 {report.version},各页面几秒内更新。", icon=":material/check_circle:")
        st.rerun()


def start_again(page: Page) -> None:
    """Forget this upload; what is left of its files is deleted."""
    _forget_folder(page)
    for key in (LOOKED, LOADED):
        st.session_state.pop(key, None)
    # A new key empties the browser's list of chosen files.
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _forget_folder(page: Page) -> None:
    folder = st.session_state.pop(FOLDER, None)
    if folder:
        discard(page.home, Path(folder))


def _report(report: LoadReport, words: dict[str, str], key: str) -> None:
    rows = []
    for file, texts in zip(report.files, report_rows(report.files, words), strict=True):
        cells = [Cell(text) for text in texts]
        cells[2] = Cell(texts[2], tone="bad" if file.status == "refused" else "neutral", marked=True)
        rows.append(Row(tuple(cells)))
    sheet(COLUMNS, [Part("", tuple(rows))], key=f"report_{key}")
    notes = report_notes(report.files)
    for note in notes[:NOTES_SHOWN]:
        st.caption(escaped(note))
    if len(notes) > NOTES_SHOWN:
        st.caption(f"另有 {len(notes) - NOTES_SHOWN} 条说明,见“装载记录”和“隔离行”。")


@contextmanager
def _bar(what: str) -> Iterator[Step]:
    """A bar with words while something long runs; other people's screens do not wait for it."""
    bar = st.progress(0.0, text=f"{what}…")

    def step(text: str, done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, text=f"{what} {text}({done}/{total})")

    with TURNS.aside():
        yield step
    bar.empty()
