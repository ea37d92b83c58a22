"""Kept views of a screen: open one's own or a shared one, keep the choices as they stand, share and remove."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from fundwatch.errors import UserError
from fundwatch.state.views import LONGEST_NAME, View, Views
from fundwatch.ui.period import FROM, TO
from fundwatch.ui.shell import Page
from fundwatch.ui.words import escaped

Definition = Mapping[str, Sequence[str]]
NEWS = "_view_news"


def saved_views(
    page: Page, current: Callable[[], Definition], put: Callable[[Definition], None], *, may_keep: bool
) -> None:
    """Draw what is kept of this screen. ``current`` gives the choices to keep, ``put`` brings kept ones back."""
    views, screen = Views.of(page.home), page.entry.url_path
    standing = views.seen_by(page.user, screen)
    with st.expander(f"已存视图({len(standing)})", icon=":material/bookmark:", key="saved_views"):
        if news := st.session_state.pop(NEWS, ""):
            st.caption(escaped(news))
        if may_keep:
            _keep_form(page, views, screen, current)
        if not standing:
            st.caption("还没有保存的视图。保存后可在此打开,也可共享给本局其他岗位;网址本身也可直接转发。")
        for one in standing:
            _line(page, views, one, put)


def period_words(definition: Definition) -> str:
    """Whether a view goes with the data or stays with its days."""
    days = [next(iter(definition.get(name, ())), "") for name in (FROM, TO)]
    return f"{days[0]} 至 {days[1]}" if all(days) else "年初至今,随数据更新"


def _keep_form(page: Page, views: Views, screen: str, current: Callable[[], Definition]) -> None:
    with st.form("keep_view", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "视图名称",
            max_chars=LONGEST_NAME,
            key="view_name",
            placeholder="例如 分级别追回率",
            width=280,
        )
        shared = st.checkbox("共享给本局其他岗位", key="view_shared")
        wanted = st.form_submit_button("保存当前视图", icon=":material/bookmark_add:")
    if not wanted:
        return
    try:
        kept = views.keep(page.user, screen, name, current(), shared=shared)
    except UserError as error:
        st.error(error.message, icon=":material/error:")
        return
    st.session_state[NEWS] = f"已保存视图“{kept.name}”。"
    st.rerun()


def _line(page: Page, views: Views, one: View, put: Callable[[Definition], None]) -> None:
    own = one.username == page.user.username
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            escaped(one.name), key=f"view_{one.view_id}", icon=":material/open_in_new:", type="tertiary",
            on_click=put, args=(one.definition,),
        )  # fmt: skip
        whose = ("本人,已共享" if one.shared else "本人") if own else f"{one.post} 共享"
        st.caption(escaped(f"{whose} · {period_words(one.definition)} · {one.at[:10]}"), width="content")
        if own:
            word, icon = ("取消共享", "lock") if one.shared else ("共享", "group")
            st.button(
                word, key=f"share_{one.view_id}", icon=f":material/{icon}:", type="tertiary",
                on_click=views.share, args=(page.user, one.view_id, not one.shared),
            )  # fmt: skip
            st.button(
                "删除", key=f"remove_{one.view_id}", icon=":material/delete:", type="tertiary",
                on_click=views.remove, args=(page.user, one.view_id),
            )  # fmt: skip
