"""个案详情 of one claim: reads that touch only the months and the institution of the claim, then its parts on screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.screens import case as screen
from fundwatch.screens.case_money import reconciled
from fundwatch.screens.claim_hits import MARK
from fundwatch.screens.kpi_rows import IDENTITIES
from fundwatch.screens.pointed import reminder_words, suspicion_words
from fundwatch.ui import address, case_view, numbers
from fundwatch.ui.audit_view import note_view
from fundwatch.ui.claim_hits import ClaimHits, mark_fees, read_hits, show_hits
from fundwatch.ui.header import header
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.query import page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, contract_fields
from fundwatch.ui.words import escaped

FEES = (
    "fee_ocur_time", "hilist_code", "hilist_name", "med_chrgitm_type", "chrgitm_lv", "cnt", "pric", "pric_uplmt_amt",
    "det_item_fee_sumamt", "inscp_amt", "bilg_dept_name", "bilg_dr_code", "bkkp_sn",
)  # fmt: skip
SUSPICIONS = (
    "doc_suspt_id", "rule_name", "rule_sev_deg", "suspt_souc", "checkout_time", "checkout_suspt_amt", "chker", "chktime",
    "chk_vola_flag", "chk_vola_amt", "rchker", "rchk_time", "rchk_vola_flag", "push_time", "appl_ddln", "appl_flag", "appl_time",
    "appl_amt", "appl_rea", "finl_chker", "finl_chktime", "finl_chk_vola_flag", "cnfm_vola_amt", "fdbk_time", "det_flag",
    "det_time", "vola_det_amt", "rvis_amt", "conv_audits_flag",
)  # fmt: skip
REMINDERS = (
    "crte_time", "trig_scen", "rule_name", "rule_sev_deg", "vola_amt", "warn_dspo_way", "warn_dspo_way_dscr", "dr_code",
)  # fmt: skip
LINKS = (
    Field("case_id", "案件编号"), Field("title", "案件"), Field("case_stas", "案件状态"), Field("finding_id", "问题编号"),
    Field("vola_nature", "违规性质"), Field("insp_id", "检查编号"), Field("insp_date", "检查日期", "date"),
    Field("rule_id", "规则ID"), Field("amt", "涉案金额", "amount", "元"),
    Field("due_amt", "该问题应追回", "amount", "元"), Field("done_amt", "该问题已追回", "amount", "元"),
)  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """Everything that is loaded about one claim."""

    row: Mapping[str, Any]
    visit: Mapping[str, Any] | None
    parts: pa.Table
    fees: pa.Table
    fee_total: Mapping[str, Any]
    diagnoses: pa.Table
    operations: pa.Table
    reminders: pa.Table
    documents: pa.Table
    suspicions: pa.Table
    suspicion_total: Mapping[str, Any]
    links: pa.Table
    hits: ClaimHits


def find_settlement(page: Page, setl_id: str) -> Mapping[str, Any] | None:
    """The settlement's row. The address may name its month; one that does not hold it is only a wrong hint."""
    hint = next(iter(address.values("ym")), None)
    for month in (hint, None) if hint else (None,):
        found = page_query(page, "case_settlement", setl_id=setl_id, ym=month).to_pylist()
        if found:
            return found[0]
    return None


def read_claim(page: Page, row: Mapping[str, Any]) -> Claim:
    """All parts of a claim. The settlement is read first: its month and institution keep every other read small."""
    setl_id, month, code = row["setl_id"], row["ym"], row["fixmedins_code"]
    stay = {"last_month": month, "code": code}
    began = screen.months_before(f"{row['begndate']:%Y-%m}")
    visits = page_query(page, "case_visit", first_month=began, mdtrt_id=row["mdtrt_id"], **stay).to_pylist()
    visit = visits[0] if visits else None
    first = screen.first_month(row, visit)
    documents = page_query(page, "case_documents", ym=month, code=code, setl_id=setl_id)
    ids = documents.column("doc_id").to_pylist()
    # A suspicion is checked out after its document was declared, so earlier months cannot hold it.
    declared = min(documents.column("ym").to_pylist(), default=month)
    return Claim(
        row=row,
        visit=visit,
        parts=page_query(page, "case_settlement_parts", ym=month, code=code, setl_id=setl_id),
        fees=page_query(page, "case_fees", first_month=first, setl_id=setl_id, **stay),
        fee_total=page_query(
            page, "case_fee_total", first_month=first, setl_id=setl_id, total=row["medfee_sumamt"], **stay
        ).to_pylist()[0],
        diagnoses=page_query(page, "case_diagnoses", setl_id=setl_id),
        operations=page_query(page, "case_operations", setl_id=setl_id),
        reminders=page_query(page, "case_reminders", first_month=first, mdtrt_id=row["mdtrt_id"], **stay),
        documents=documents,
        suspicions=page_query(page, "case_suspicions", ym=declared, doc_ids=ids),
        suspicion_total=page_query(page, "case_suspicion_total", ym=declared, doc_ids=ids).to_pylist()[0],
        links=page_query(page, "case_links", setl_id=setl_id),
        hits=read_hits(page, setl_id, month),
    )


def show_claim(page: Page, claim: Claim, context: Context) -> None:
    """Draw the claim's screen."""
    row = claim.row
    note_view(page, f"结算 {row['setl_id']}", 1 + claim.fees.num_rows)
    header(page, title=f"结算 {row['setl_id']}", data_through=context.data_through)
    case_view.link_to_institution(page, row["fixmedins_code"], row["fixmedins_name"])
    st.caption(escaped(screen.claim_words(row)))
    links = claim.links.to_pylist()
    st.markdown(
        f"**{escaped(screen.claim_finding(claim.reminders.num_rows, claim.suspicion_total, links))}**"
    )
    suspicion, reminder = (next(iter(address.values(name)), "") for name in ("doc_suspt_id", "warn_rslt_id"))
    case_view.pointed([
        *reminder_words(claim.reminders.to_pylist(), reminder),
        *suspicion_words(claim.suspicions.to_pylist(), suspicion),
    ])  # fmt: skip
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("经过", anchor=False)
        case_view.timeline(
            screen.claim_events(
                row,
                claim.visit,
                reminders=claim.reminders.to_pylist(),
                documents=claim.documents.to_pylist(),
                suspicions=claim.suspicions.to_pylist(),
                links=links,
            )
        )
        if not links:
            st.caption("案件、检查、追回:未关联(涉案单据表中没有这笔结算)。")
    with right:
        st.subheader("结算金额核对", anchor=False)
        case_view.equations(reconciled(claim.parts.to_pylist()))
        st.caption(escaped(_fee_words(claim.fee_total)))
    show_hits(page, claim.hits, claim.fees, context)
    _lists(page, claim, context)


def _fee_words(total: Mapping[str, Any]) -> str:
    if not total["line_cnt"]:
        return "费用明细未载入,不能与结算总额核对。"
    lead = f"有效费用明细 {total['line_cnt']:,} 条合计 {numbers.plain(total['line_amt'], 2)} 元"
    if not total["difference"]:
        return f"{lead},与医疗费总额一致。"
    return f"{lead},与医疗费总额相差 {numbers.plain(total['difference'], 2)} 元。"


def _lists(page: Page, claim: Claim, context: Context) -> None:
    def open_case(row: dict[str, Any]) -> None:
        if row["case_id"]:
            there = {**dict.fromkeys(IDENTITIES), "case_id": row["case_id"]}
            address.open_screen("case", page.entry.url_path, **there)

    flagged = sum(mark is not None for mark in claim.fees.column("mark").to_pylist())
    mark, columns = Field("mark", "标记"), contract_fields("fee_list_d", FEES)
    fields = [mark, *columns] if flagged else [*columns, mark]
    fields = [MARK, *fields] if claim.hits.found else fields
    part_list(
        page, context, "费用明细", mark_fees(claim.fees, claim.hits), fields,
        key="fees", money="元", empty="没有载入这笔结算的费用明细。",
    )  # fmt: skip
    if claim.fees.num_rows:
        lead = "形成筛查疑点的明细排在前面。" if claim.hits.found else ""
        meaning = "标记只说明该行自身的情况(单价高于定价上限、退费、已作废),不是认定。"
        st.caption(f"{lead}有标记的明细 {flagged} 条。{meaning}")
    part_list(
        page, context, "审核疑点", claim.suspicions, contract_fields("doc_suspt_d", SUSPICIONS),
        key="suspicions", money="元", empty="没有审核疑点。",
    )  # fmt: skip
    part_list(
        page, context, "事前提醒", claim.reminders, contract_fields("bffact_warn_rslt_d", REMINDERS),
        key="reminders", money="元", empty="这次就诊没有事前提醒。",
    )  # fmt: skip
    part_list(
        page, context, "关联案件与检查", claim.links, LINKS, key="links", open_row=open_case, money="元",
        empty="未关联:涉案单据表中没有这笔结算。",
    )  # fmt: skip
    left, right = st.columns(2, gap="large")
    with left:
        names = ("maindiag_flag", "diag_code", "diag_name", "diag_type")
        part_list(
            page, context, "诊断", claim.diagnoses, contract_fields("setl_list_diag_d", names), key="diagnoses",
            empty="没有载入诊断。",
        )  # fmt: skip
    with right:
        names = ("main_oprn_flag", "oprn_oprt_code", "oprn_oprt_name", "oprn_oprt_date")
        part_list(
            page, context, "手术操作", claim.operations, contract_fields("setl_list_oprn_d", names), key="operations",
            empty="没有手术操作。",
        )  # fmt: skip
