"""The administrator limits an account to a county, a town or a work group on 用户与审计."""

from __future__ import annotations

import streamlit as st

from fundwatch.errors import UserError
from fundwatch.state import scopes
from fundwatch.state.users import Users
from fundwatch.ui.county import counties
from fundwatch.ui.query import page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.words import escaped

SAID = "_scope_said"
OWN_ACCOUNT = "不能限定自己的账号:限定县区或乡镇后就打不开本页。请由另一名系统管理员设定,或在服务器上用 fundwatch user scope 命令。"
EVERY_TOWN, EVERY_GROUP, EVERY_COUNTY = "全部乡镇", "全部工作组", "全部县区"


def scope_form(page: Page) -> None:
    """The form; towns and groups are those of the version published."""
    if words := st.session_state.pop(SAID, ""):
        st.success(escaped(words), icon=":material/check:")
    with st.expander("设定数据范围", icon=":material/filter_alt:"):
        if not page.has_data:
            st.caption("生成第一个版本后可在此设定;服务器上也可用 fundwatch user scope 命令。")
            return
        users = {user.username: user for user in Users.of(page.home).listing()}
        towns = {row["town_code"]: row["town_name"] for row in page_query(page, "scope_town").to_pylist()}
        groups = page_query(page, "scope_group").column("group_name").to_pylist()
        with st.form("scope", border=False):
            name = st.selectbox(
                "账号", list(users), format_func=lambda one: f"{one} {users[one].post}", key="scope_user"
            )
            county = ""
            if known := counties(page.warehouse):
                county = st.selectbox(
                    "县区",
                    ["", *known],
                    format_func=lambda one: known.get(one) or EVERY_COUNTY,
                    key="scope_county",
                )
            left, right = st.columns(2)
            town = left.selectbox(
                "乡镇",
                ["", *towns],
                format_func=lambda one: towns.get(one) or one or EVERY_TOWN,
                key="scope_town",
            )
            group = right.selectbox(
                "工作组", ["", *groups], format_func=lambda one: one or EVERY_GROUP, key="scope_group"
            )
            st.caption(
                ("限定县区后只能看到该县区的行和数。" if known else "")
                + "限定乡镇后只能看到该乡镇定点机构的行和数;限定工作组后只能看到该组的任务。变更在下一次点击时生效。"
            )
            if not st.form_submit_button("保存", icon=":material/save:"):
                return
        if name == page.user.username and (town or county):
            st.error(OWN_ACCOUNT, icon=":material/error:")
            return
        try:
            Users.of(page.home).set_scope(
                str(name), town or None, group or None, page.user.username, county=county or None
            )
        except UserError as error:
            st.error(error.message, icon=":material/error:")
            return
    st.session_state[SAID] = (
        f"账号 {name} 的数据范围:{scopes.words(town or None, group or None, county or None)}。"
    )
    st.rerun()
