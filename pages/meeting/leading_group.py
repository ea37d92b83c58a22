"""领导小组会议: agenda from frozen numbers, the word on each red indicator, decisions that come back, presentation and pack."""

import streamlit as st

from fundwatch.access import ABILITIES, Ability, roles_in_words
from fundwatch.meetings.brief import brief_of, headline
from fundwatch.meetings.store import meetings
from fundwatch.ui import start_page
from fundwatch.ui.header import header
from fundwatch.ui.meeting_forms import new_meeting_form, said
from fundwatch.ui.meeting_pack import pack_buttons
from fundwatch.ui.meeting_sheets import meetings_sheet
from fundwatch.ui.meeting_views import (
    Scene,
    chosen_meeting,
    show_part,
    signer_of,
    top,
    visible,
)
from fundwatch.ui.states import guarded
from fundwatch.ui.words import escaped

page = start_page(__file__)
seen = visible(page, meetings(page.home))
meeting = chosen_meeting(seen)
if meeting is None:
    header(page, dated=False)
    said()
    if page.can(Ability.PREPARE_MEETING):
        st.info("还没有会议。新建后,议题、未达标指标和数字由冻结的数据版本生成。", icon=":material/groups:")
        if seen:
            meetings_sheet(page, seen)
        new_meeting_form(page, signer_of(page))
    else:
        who = roles_in_words(ABILITIES[Ability.PREPARE_MEETING])
        st.info(f"还没有定稿的会议。会议由{who}准备,定稿后各岗位可以查看。", icon=":material/groups:")
    st.stop()

brief = brief_of(page.home, meeting)
header(page, dated=False, export=lambda: pack_buttons(page, brief, signer_of(page)))
said()
scene = Scene(page, brief, seen)
top(scene)
st.markdown(escaped(headline(brief)))
with guarded("领导小组会议"):
    show_part(scene)
