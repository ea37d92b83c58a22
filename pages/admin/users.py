"""用户与审计: accounts and the log of what people did; for administrators, who see no cases."""

import streamlit as st

from fundwatch.ui import start_page
from fundwatch.ui.admin import ACCOUNT_FIELDS, EVENT_FIELDS, accounts, actions, chain_words, events
from fundwatch.ui.header import header
from fundwatch.ui.table import show_list

page = start_page(__file__, needs_warehouse=False)
header(page, dated=False)

st.subheader("账号", anchor=False)
st.caption("新增、重置密码、停用和启用在服务器上用 fundwatch user 命令办理,每次办理都会记入下方日志。")
show_list(page, accounts(page), ACCOUNT_FIELDS, key="accounts")

st.subheader("操作日志", anchor=False)
st.caption(chain_words(page))
action = st.selectbox("操作", ["全部", *actions(page)], width=240)
show_list(page, events(page, None if action == "全部" else action), EVENT_FIELDS, key="events")
