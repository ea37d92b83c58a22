"""筛查疑点 on the screen of a claim: one hit at a time with its lines and evidence, and the form for 属实 or 排除."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.access import roles_in_words
from fundwatch.screens import claim_hits as view
from fundwatch.state.verdicts import EXCLUDED, JUDGES, LONGEST, TRUE, WITHDRAWN, Verdicts, may_judge
from fundwatch.ui.ledger import choose_one
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.query import page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.states import guarded
from fundwatch.ui.table import contract_fields
from fundwatch.ui.words import escaped

NOTED = "verdict_noted"


@dataclass(frozen=True)
class ClaimHits:
    """The stored hits on a claim and the lines that made them."""

    found: Sequence[view.Found]
    lines: pa.Table


def read_hits(page: Page, setl_id: str, month: str) -> ClaimHits:
    """Hits of the settlement with what was said of each."""
    verdicts = Verdicts.of(page.home)
    found = [
        view.Found(row, verdicts.history(row["rule_id"], setl_id))
        for row in page_query(page, "case_hits", ym=month, setl_id=setl_id).to_pylist()
    ]
    return ClaimHits(found, page_query(page, "case_hit_lines", ym=month, setl_id=setl_id))


def show_hits(page: Page, hits: ClaimHits, fees: pa.Table, context: Context) -> None:
    """The finding, the chosen hit (address: ``hit``) with its evidence and lines, what was said, and the form."""
    st.subheader("筛查疑点", anchor=False)
    st.markdown(escaped(view.finding(hits.found)))
    if not hits.found:
        return
    words = {one.row["rule_id"]: one.words for one in hits.found}
    rule_id = choose_one("疑点", "hit", words)
    chosen = next(one for one in hits.found if one.row["rule_id"] == rule_id)
    for line in view.rule_words(chosen.row):
        st.caption(escaped(line))
    part_list(
        page, context, "形成这一疑点的明细", view.line_rows(hits.lines, fees, rule_id),
        view.line_fields(rule_id, contract_fields("fee_list_d", view.BESIDE)), key=f"hit_lines_{rule_id}", money="元",
        empty="没有明细。",
    )  # fmt: skip
    _history(chosen)
    _form(page, chosen)


def _history(chosen: view.Found) -> None:
    if not chosen.history:
        st.caption("还没有人核实。")
    for said in chosen.history:
        old = "" if said.fits(chosen.hit) else f"({view.CHANGED},核实时为 {said.version} 版)"
        at = said.at[:16].replace("T", " ")
        st.markdown(escaped(f"{at} {said.post}:{said.verdict}{old},{said.reason}"))


def _form(page: Page, chosen: view.Found) -> None:
    if noted := st.session_state.pop(NOTED, ""):
        st.success(noted, icon=":material/check:")
    if not may_judge(page.roles):
        st.caption(f"由{roles_in_words(JUDGES)}核实。")
        return
    choices = [TRUE, EXCLUDED, *([WITHDRAWN] if chosen.standing else [])]
    # A new key after each word empties the form.
    with st.form(f"verdict_{chosen.hit.hit_id}_{len(chosen.history)}", border=True):
        word = st.radio("核实结论", choices, horizontal=True, index=None)
        reason = st.text_area("理由(必填)", max_chars=LONGEST, placeholder="核对了什么、依据是什么")
        if st.form_submit_button("保存", type="primary", icon=":material/save:"):
            with guarded("核实"):
                given = Verdicts.of(page.home).give(chosen.hit, str(word or ""), reason, page.user)
                st.session_state[NOTED] = f"已记录:{given.hit_id} {given.verdict}。"
                st.rerun()


def mark_fees(fees: pa.Table, hits: ClaimHits) -> pa.Table:
    """Fee lines with the rules whose hits they made, those first."""
    lines: list[Mapping[str, Any]] = hits.lines.to_pylist()
    return view.marked(fees, lines)
