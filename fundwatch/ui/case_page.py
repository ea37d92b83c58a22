"""个案详情 of one case: money ladder, what happened, and the lists behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from fundwatch.access import entry_at
from fundwatch.screens import case as screen
from fundwatch.screens.case_money import ladder, ladder_words
from fundwatch.screens.kpi_rows import IDENTITIES
from fundwatch.screens.pointed import handling_words
from fundwatch.ui import address, case_view
from fundwatch.ui.audit_view import note_view
from fundwatch.ui.header import header
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.query import page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.table import contract_fields
from fundwatch.ui.words import escaped

FINDINGS = ("finding_id", "found_date", "vola_nature", "amt", "notice_no", "insp_id", "fixmedins_code")
HANDLINGS = (
    "handle_id", "decided_date", "handle_type", "psn_object", "amt_due", "amt_done", "done_date", "begndate", "enddate",
    "handle_stas",
)  # fmt: skip
CLAIMS = ("setl_id", "amt", "finding_id", "doc_suspt_id", "rule_id", "link_id")
COMPLAINTS = (
    "cmpl_id", "recv_date", "channel", "subject", "accept_date", "due_date", "closed_date", "verified_flag", "reply_date",
    "reward_amt",
)  # fmt: skip
POINTS = ("point_id", "event_date", "person_code", "points", "repair_points")


def show_case(page: Page, row: Mapping[str, Any], context: Context) -> None:
    """Draw the case's screen."""
    case_id = row["case_id"]
    parts = {
        name: page_query(page, f"case_{name}", case_id=case_id)
        for name in ("events", "findings", "handlings", "claims", "complaints", "points")
    }
    money = page_query(page, "case_ladder", case_id=case_id).to_pylist()[0]
    note_view(page, f"案件 {case_id}", 1 + sum(table.num_rows for table in parts.values()))
    header(page, title=f"案件 {case_id}", data_through=context.data_through)
    case_view.link_to_institution(page, row["fixmedins_code"], row["fixmedins_name"])
    if row["is_institution_filled"]:
        st.caption("案件没有登记机构,此处取自该案的问题记录。")
    st.markdown(f"**{escaped(row['title'])}**(状态:{escaped(row['case_stas'])})")
    st.caption(escaped(screen.case_words(row)))
    st.markdown(f"**{escaped(ladder_words(money))}**")
    clicked = next(iter(address.values("handle_id")), "")
    case_view.pointed(handling_words(parts["handlings"].to_pylist(), clicked))
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("经过", anchor=False)
        events = screen.case_events(
            parts["events"].to_pylist(), parts["handlings"].to_pylist(), parts["complaints"].to_pylist()
        )
        if events:
            case_view.timeline(events)
        else:
            st.caption("没有登记案件经过和处理。")
    with right:
        st.subheader("金额阶梯", anchor=False)
        case_view.ladder(ladder(money))
        st.caption("空心为应收,实心为到账,斜纹为余额;同一比例尺。金额单位:元。")
    _lists(page, parts, context)


def _lists(page: Page, parts: Mapping[str, Any], context: Context) -> None:
    def open_claim(row: dict[str, Any]) -> None:
        there = {name: row[name] for name in ("setl_id", "doc_suspt_id") if row[name]}
        address.open_screen("case", page.entry.url_path, **{**dict.fromkeys(IDENTITIES), **there})

    def open_inspections(row: dict[str, Any]) -> None:
        if row["fixmedins_code"] and entry_at("institution") is not None:
            there = {**dict.fromkeys(IDENTITIES), "code": row["fixmedins_code"]}
            address.open_screen("institution", page.entry.url_path, **there)

    part_list(
        page, context, "涉案单据", parts["claims"], contract_fields("case_claim", CLAIMS), key="claims", open_row=open_claim,
        money="元", empty="未关联:涉案单据表中没有这个案件的结算。",
    )  # fmt: skip
    part_list(
        page, context, "认定问题", parts["findings"], contract_fields("finding", FINDINGS), key="findings",
        open_row=open_inspections, money="元", empty="没有登记问题。",
    )  # fmt: skip
    part_list(
        page, context, "处理处罚", parts["handlings"], contract_fields("handling", HANDLINGS), key="handlings", money="元",
        empty="没有登记处理。",
    )  # fmt: skip
    part_list(
        page, context, "支付资格记分", parts["points"], contract_fields("credit_point", POINTS), key="points", empty="没有记分。"
    )  # fmt: skip
    part_list(
        page, context, "举报投诉", parts["complaints"], contract_fields("complaint", COMPLAINTS), key="complaints", money="元",
        empty="这个案件不是由举报引起,或举报没有关联案件。",
    )  # fmt: skip
