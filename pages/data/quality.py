"""数据质量: what is loaded, what did not load and why, how complete it is, and the way to load more."""

import streamlit as st

from fundwatch.lake import Lake
from fundwatch.quality import completeness, not_built
from fundwatch.screens.quality import message
from fundwatch.ui import quality as draw
from fundwatch.ui import start_page
from fundwatch.ui.header import header
from fundwatch.ui.part import choose_part
from fundwatch.ui.query import loaded_tables
from fundwatch.ui.states import guarded
from fundwatch.ui.upload import upload_section
from fundwatch.ui.words import escaped

page = start_page(__file__, needs_warehouse=False)
PARTS = {
    "": "概况",
    "upload": "上传",
    "months": "完整度",
    "loads": "装载记录",
    "quarantine": "隔离行",
    "checks": "核对",
}

lake = Lake(page.home)
batches = lake.batches()
pending = not_built(lake, page.warehouse if page.has_data else None)
states = loaded_tables(page) if page.has_data else []
complete = completeness(states)
# The monthly tables say how far the data reach; a ledger may hold a single entry of this morning.
days = [(state.is_monthly, state.data_through) for state in states if state.data_through]
through = max(days, default=(False, None))[1]

header(page, data_through=through)
if page.has_data:
    st.markdown(escaped(message(states, complete, pending, sum(batch.quarantined for batch in batches))))
else:
    st.info("还没有生成过版本。先在“上传”中载入文件,再生成新版本,各页面即可使用。", icon=":material/inbox:")

part = choose_part(PARTS if page.has_data else {key: PARTS[key] for key in ("upload", "loads", "quarantine")})
with guarded(PARTS[part]):
    if part == "upload":
        upload_section(page, pending)
    elif part == "months":
        draw.months_part(states, complete)
    elif part == "loads":
        draw.loads_part(page, batches)
    elif part == "quarantine":
        draw.quarantine_part(page, batches)
    elif part == "checks":
        draw.checks_part(page)
    else:
        draw.overview_part(page, states, complete, batches)
