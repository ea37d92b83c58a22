"""Screens that are not data: signed out, no permission, unknown address, first run, error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from fundwatch.access import Entry, entry_at, roles_in_words
from fundwatch.errors import DamagedError, UserError, known_trouble
from fundwatch.logs import incident

if TYPE_CHECKING:
    from fundwatch.ui.shell import Page


def signed_out_hint() -> None:
    """Shown by a page that was reached without a session."""
    st.title("请先登录", anchor=False)
    st.write("登录后可继续打开此页面。")
    st.link_button("前往登录", "/", icon=":material/login:")


def no_permission(entry: Entry) -> None:
    """A screen that exists but is not open to this person, with the roles that have it."""
    st.title("没有查看权限", anchor=False)
    st.write(f"“{entry.group} / {entry.title}”向以下角色开放:{roles_in_words(entry.roles)}。")
    st.write("如工作需要,请联系系统管理员调整角色。")
    st.link_button("返回首页", "/", icon=":material/home:")


def not_by_place(entry: Entry, word: str) -> None:
    """A screen of the whole installation, for a person whose account is limited to a town or a county (``word``)."""
    st.title("没有查看权限", anchor=False)
    whose = "全部县区的" if word == "县区" else "全县"
    st.write(f"“{entry.group} / {entry.title}”是{whose}记录,没有{word}归属;限定{word}的账号不能打开。")
    st.write("如工作需要,请联系系统管理员调整数据范围。")
    st.link_button("返回首页", "/", icon=":material/home:")


def not_found() -> None:
    """An address that no screen has."""
    st.title("没有这个页面", anchor=False)
    st.write("网址可能有误,或页面已经更名。请从左侧目录重新选择。")
    st.link_button("返回首页", "/", icon=":material/home:")


def first_run(may_upload: bool) -> None:
    """Three steps to the first screen, for a home without a published version."""
    st.title("还没有可以查看的数据", anchor=False)
    st.write("完成以下三步后,所有页面即可使用:")
    steps = (
        (
            "1. 放入数据",
            "把医保平台导出的表格和本局台账放在一个文件夹中(CSV、XLSX、Parquet 均可),文件名以表名开头。",
        ),
        ("2. 载入并生成", "在服务器上依次运行 `fundwatch load 文件夹` 和 `fundwatch build`,进度会逐步显示。"),
        ("3. 打开首页", "生成完成后刷新本页,数据会自动出现,不需要重启。"),
    )
    for column, (title, text) in zip(st.columns(3), steps, strict=True):
        with column.container(border=True, height="stretch"):
            st.subheader(title, anchor=False)
            st.write(text)
    if may_upload:
        st.caption("也可以在“数据 / 数据质量”页面上传文件。")


def not_loaded(page: Page, words: str) -> None:
    """A screen whose tables hold nothing: ``words`` say which and what to load, a link leads to where that is done."""
    st.info(words, icon=":material/inbox:")
    quality = entry_at("data-quality")
    if quality is not None and quality.open_to(page.roles):
        st.page_link(quality.path, label=f"打开“{quality.title}”", icon=":material/fact_check:")


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Turn an error in one part of a screen into a Chinese box; the rest of the screen stays.

    UserError is shown as it stands; anything else goes to the log under an incident number.
    """
    try:
        yield
    except Exception as error:
        if type(error).__module__.startswith("streamlit"):
            raise
        failed(what, error)


def failed(what: str, error: Exception) -> None:
    """The Chinese box of an error: a UserError as it stands, anything else and a damaged file with the log's number."""
    if isinstance(error, UserError) and not isinstance(error, DamagedError):
        st.error(error.message, icon=":material/error:")
        return
    number = incident(error)
    if words := known_trouble(error):
        st.error(f"{words}(事件编号 {number})", icon=":material/error:")
        return
    st.error(f"{what}未能显示。数据未受影响;请把事件编号 {number} 交给维护人员。", icon=":material/error:")
