"""The first thing after a sign-in with a password that somebody else made: the owner's own one. Until then no screen opens."""

from __future__ import annotations

import streamlit as st

from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.state.passwords import RULES
from fundwatch.state.single_sign_on import PREFIX
from fundwatch.state.users import User, Users
from fundwatch.ui.signin import MARK, NOTICE, SESSION, sign_out

WRONG_TWICE = "两次输入的新密码不一致,请重新输入。"


def must_change(user: User) -> bool:
    """Whether this sign-in was with the password of the first start or last reset; 统一认证登录 uses none."""
    return user.password_is_initial and not str(st.session_state.get(SESSION, "")).startswith(PREFIX)


def change_card(home: Home, user: User) -> None:
    """The form in the place of every screen; a password that fits opens the screen that was asked for."""
    outer = st.container(key="first_password", horizontal_alignment="center")
    with outer, st.container(border=True, width=420, gap="small", key="first_password_card"):
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.image(str(MARK), width=72)
        st.title("请设置新密码", anchor=False, text_alignment="center")
        st.caption(f"{user.post},您正在使用初始密码。设置本人的密码后才能使用系统。", text_alignment="center")
        with st.form("change_password", border=False):
            first = st.text_input("新密码", type="password", key="new_password")
            second = st.text_input("再次输入新密码", type="password", key="new_password_again")
            sent = st.form_submit_button("保存并进入", type="primary", width="stretch")
        st.caption(RULES)
        if sent:
            _save(home, user, first or "", second or "")
        st.button("退出登录", on_click=sign_out, args=(home,), key="sign_out_instead", type="tertiary")


def change_hint() -> None:
    """Shown by a page that is run without the frame of app.py."""
    st.title("请先设置新密码", anchor=False)
    st.write("您正在使用初始密码。请回到首页设置本人的密码,再打开此页面。")
    st.link_button("前往首页", "/", icon=":material/password:")


def _save(home: Home, user: User, first: str, second: str) -> None:
    if first != second:
        st.error(WRONG_TWICE, icon=":material/error:")
        return
    try:
        Users.of(home).set_password(user.username, first, keep=st.session_state.get(SESSION))
    except UserError as error:
        st.error(error.message, icon=":material/error:")
        return
    st.session_state.pop(NOTICE, None)
    st.rerun()
