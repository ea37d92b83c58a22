"""The part 双随机抽取 of 检查覆盖: draw, look, replay, print; who inspects and where they are at home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from fundwatch.access import ABILITIES, Ability, roles_in_words
from fundwatch.clock import china_today, clock_day
from fundwatch.draws.inspection import (
    CLASSES,
    HOW_TO_LIST,
    LEDGER,
    assignments_of,
    draw_inspections,
    inspectors_now,
    replay_inspections,
)
from fundwatch.draws.inspection_store import InspectDraw, frame_file, inspect_draws, read_frame_file
from fundwatch.draws.inspectors import Listed, listed, set_inspector
from fundwatch.draws.lots import Signer
from fundwatch.draws.teams import Inspector
from fundwatch.errors import UserError
from fundwatch.screens import inspect_draw as view
from fundwatch.ui import address
from fundwatch.ui.blocks import block_sheet, sheet_download
from fundwatch.ui.filters import Filters
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import choose_one
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.period import Period
from fundwatch.ui.query import newest_data, page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.states import guarded
from fundwatch.ui.table import show_list
from fundwatch.ui.words import escaped

LOTS, ROUND, SAID = "lots", "inspect_round", "inspect_said"
SIGNATURES = (
    "抽取人(签字):____________    监督人(签字):____________    负责人(签字):____________    日期:____________",
)


def show_random(page: Page, period: Period, filters: Filters) -> None:
    """Draw the whole part."""
    with guarded("双随机抽取"):
        if words := st.session_state.pop(SAID, None):
            st.success(escaped(words), icon=":material/check_circle:")
        day = clock_day(china_today(), newest_data(page))
        facts = {
            row["fixmedins_code"]: row
            for row in page_query(page, "inspect_institutions", day=day).to_pylist()
        }
        made = inspect_draws(page.home)
        if page.can(Ability.DRAW):
            _form(page, day, filters)
        else:
            st.caption(f"抽取由{roles_in_words(ABILITIES[Ability.DRAW])}办理,其他角色可以查看。")
        if made:
            _one(page, made, facts, Context("双随机抽取", period, filters, newest_data(page)))
        else:
            st.info(
                "还没有双随机抽取。抽取后,名单、种子和结果都固定下来,可以随时重放核对。",
                icon=":material/inbox:",
            )
        _people(page, facts)


def _form(page: Page, day: dt.date, filters: Filters) -> None:
    number = st.session_state.get(ROUND, 0)
    with st.container(border=True):
        st.markdown("**双随机抽取机构和检查人员**")
        people, source = inspectors_now(page.home, page.warehouse)
        if not people:
            st.warning(HOW_TO_LIST, icon=":material/group_off:")
            return
        if source == LEDGER:
            st.warning(
                f"检查人员名单还没有登记,将从检查台账出现过的 {len(people)} 个岗位中抽取;没有片区,不能回避。请在下方登记名单。",
                icon=":material/group:",
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            size = st.number_input("抽取家数", 1, 2000, 10, key=f"inspect_n_{number}", width=140)
            classes = st.multiselect(
                "类别", CLASSES, list(filters.chosen.get("level_class", ())), key=f"inspect_classes_{number}",
                placeholder="全部类别", select_all=False, width=300,
            )  # fmt: skip
            seed = st.text_input(
                "随机种子(留空则随机产生)",
                key=f"inspect_seed_{number}",
                width=230,
                placeholder="不超过 12 位数字",
            )
        why = st.text_input("说明(可不填)", key=f"inspect_why_{number}", max_chars=400)
        st.caption("本年尚未检查的机构优先;检查人员回避本人片区和登记的机构,上次检查组至多一人再去。")
        if st.button("抽取", type="primary", icon=":material/shuffle:"):
            with guarded("抽取"):
                if seed.strip() and not seed.strip().isdigit():
                    raise UserError("随机种子应为不超过 12 位的数字。")
                found = draw_inspections(
                    page.home, page.warehouse, page.settings, size=int(size), classes=classes, day=day,
                    seed=int(seed) if seed.strip() else None, why=why.strip(), by=_signer(page),
                )  # fmt: skip
                _done(f"已抽取 {found.draw_id}:{found.size:,} 家,种子 {found.seed}。")
                address.put({LOTS: found.draw_id})
                st.rerun()


def _one(page: Page, made: Sequence[InspectDraw], facts: view.Facts, context: Context) -> None:
    known = {draw.draw_id: draw for draw in made}
    chosen = choose_one(
        "历次抽取", LOTS, {name: f"{name} · 抽取 {draw.size:,} 家" for name, draw in known.items()}
    )
    draw = known[chosen]
    found = assignments_of(page.home, draw)
    source = read_frame_file(frame_file(page.home, chosen)).source
    st.markdown(escaped(view.message(draw, found, source)))
    _replay(page, draw)
    rows = view.items_table(found, facts)
    part_list(
        page, context, f"抽取结果 {chosen}", rows, view.ITEM_FIELDS, key="lots", empty="没有抽取的机构。",
        open_row=opener(page, rows.column_names),
    )  # fmt: skip
    blocks = view.sheet_blocks(draw, found, facts, source)
    title = f"双随机抽查名单({chosen})"
    sheet_download(
        page, title, {"名单": blocks}, foot=SIGNATURES, name=f"双随机抽查名单_{chosen}", rows=len(found)
    )
    # Not folded away: what is printed is all that a printed page holds.
    if st.toggle("打印视图", key="lots_print"):
        with st.container(border=True, key="printed"):
            st.subheader(escaped(title), anchor=False)
            for place, block in enumerate(blocks):
                block_sheet(block, f"lots_{place}")
            for line in SIGNATURES:
                st.markdown(escaped(line))
    with st.expander("全部抽取记录", icon=":material/history:"):
        show_list(page, view.history_table(made), view.HISTORY_FIELDS, key="lots_history", search=False)
        st.caption("每次抽取都保留,不能修改或删除。")


def _replay(page: Page, draw: InspectDraw) -> None:
    if st.button(
        "重放核对", icon=":material/replay:", help="用冻结的名单和种子重新抽取,与登记的结果、操作日志逐条核对"
    ):
        found = replay_inspections(page.home, draw, _signer(page))
        if found.sound:
            st.success(escaped(found.words()), icon=":material/check_circle:")
        else:
            st.error(escaped(found.words()), icon=":material/error:")


def _people(page: Page, facts: view.Facts) -> None:
    towns = {
        row["town_code"]: row["town_name"] or row["town_code"] for row in facts.values() if row["town_code"]
    }
    people = listed(page.home)
    with st.expander(f"检查人员名单({len(people)} 人)", icon=":material/groups:", expanded=not people):
        st.caption("只登记岗位代码,不写姓名。片区是本人所在的乡镇,抽取时回避;每次登记都留下记录。")
        if people:
            show_list(
                page,
                view.inspectors_table(people, towns, facts),
                view.INSPECTOR_FIELDS,
                key="people",
                search=False,
            )
        else:
            st.caption(
                "还没有登记。也可在服务器上用 fundwatch inspect inspector 岗位 --area 乡镇代码 逐个登记。"
            )
        if page.can(Ability.DRAW):
            _person_form(page, people, towns, facts)


def _person_form(page: Page, people: Sequence[Listed], towns: dict[str, str], facts: view.Facts) -> None:
    number = st.session_state.get(ROUND, 0)
    known = {one.inspector.post: one for one in people}
    chosen = st.selectbox("登记或更改", ["新增检查人员", *known], key=f"person_{number}", width=260)
    now = known.get(chosen)
    own = now.inspector if now else Inspector("")
    tag = f"{chosen}_{number}"
    with st.form(f"person_form_{tag}", border=False):
        post = (
            st.text_input("岗位代码", placeholder="例如 检查员01", key=f"post_{tag}")
            if now is None
            else chosen
        )
        areas = st.multiselect(
            "片区(乡镇)", _offered(towns, own.areas), list(own.areas), key=f"areas_{tag}",
            format_func=lambda code: towns.get(code, code), placeholder="没有片区", select_all=False, accept_new_options=False,
        )  # fmt: skip
        avoids = st.multiselect(
            "回避机构", _offered(facts, own.avoids), list(own.avoids), key=f"avoids_{tag}",
            format_func=lambda code: str(facts.get(code, {}).get("fixmedins_name", code)), placeholder="没有", select_all=False,
        )  # fmt: skip
        enabled = st.checkbox("参加抽取", now.enabled if now else True, key=f"enabled_{tag}")
        if st.form_submit_button("保存", type="primary", icon=":material/save:"):
            with guarded("登记"):
                set_inspector(
                    page.home, Inspector(post.strip(), tuple(areas), tuple(avoids)), enabled, _signer(page)
                )
                _done(f"已登记 {post.strip()}。")
                st.rerun()


def _offered(known: Iterable[str], listed_codes: Iterable[str]) -> list[str]:
    """The codes known today and those listed before, each once."""
    return list(dict.fromkeys([*known, *listed_codes]))


def _signer(page: Page) -> Signer:
    return Signer(page.user.username, page.user.post)


def _done(words: str) -> None:
    state: Any = st.session_state
    state[SAID] = words
    state[ROUND] = state.get(ROUND, 0) + 1
