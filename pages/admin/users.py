"""用户与审计: accounts, what they are limited to, and the log of what people did; for administrators, who see no cases."""

import streamlit as st

from fundwatch.ui import start_page
from fundwatch.ui.admin import ACCOUNT_FIELDS, accounts, chain_words
from fundwatch.ui.audit_log import log_section
from fundwatch.ui.header import header
from fundwatch.ui.scope_form import scope_form
from fundwatch.ui.table import show_list

page = start_page(__file__, needs_warehouse=False)
header(page, dated=False)

st.subheader("账号", anchor=False)
st.caption("新增、重置密码、停用和启用在服务器上用 fundwatch user 命令办理,每次办理都会记入下方日志。")
show_list(page, accounts(page), ACCOUNT_FIELDS, key="accounts")
scope_form(page)

st.subheader("操作日志", anchor=False)
st.caption(f"{chain_words(page)}日志只增不删;副本用 fundwatch audit ship 送到数据库管理者不能写的地方。")
log_section(page)
