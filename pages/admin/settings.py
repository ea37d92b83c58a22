"""参数与目标: what the bureau decides itself, from when, why and by whom; and what is going to change."""

import streamlit as st

from fundwatch.bureau import changes
from fundwatch.clock import china_today
from fundwatch.screens.settings import message
from fundwatch.ui import settings as draw
from fundwatch.ui import start_page
from fundwatch.ui.header import header
from fundwatch.ui.part import choose_part
from fundwatch.ui.settings_forms import saved_words
from fundwatch.ui.states import guarded
from fundwatch.ui.words import escaped

page = start_page(__file__, needs_warehouse=False)
header(page, dated=False)
st.markdown(escaped(message(page.settings.now(), changes(page.home), china_today())))
saved_words()
if page.has_data:
    with guarded("待生成版本"):
        draw.waiting_version(page)
parts = draw.parts()
part = choose_part({name: word for name, (word, _) in parts.items()})
word, section = parts[part]
with guarded(word):
    section(page)
