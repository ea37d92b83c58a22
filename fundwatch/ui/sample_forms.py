"""The forms of 复审抽检: drawing, entering one result, handing in a file of results; for 复审岗 and 稽核岗."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from fundwatch.access import ABILITIES, Ability, roles_in_words
from fundwatch.clock import china_today
from fundwatch.draws.lots import Signer
from fundwatch.draws.outcome import Sample
from fundwatch.draws.result_file import HEADERS, read_amount, read_results
from fundwatch.draws.results import Checked, Entry, Refusal, Source, Stage, check, enter
from fundwatch.draws.service import design_of, draw_sample
from fundwatch.draws.store import SampleDraw
from fundwatch.errors import UserError
from fundwatch.screens.second_review import plan_of
from fundwatch.ui import address, numbers
from fundwatch.ui.query import page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.states import guarded
from fundwatch.ui.words import escaped

#: counts the forms, so that a saved one comes back empty; what was done in the run before
ROUND, SAID, FILE = "sample_round", "sample_said", "sample_file"
REFUSED_SHOWN = 30


def said() -> None:
    """What was done in the run before, once."""
    words = st.session_state.pop(SAID, None)
    if words:
        st.success(escaped(words), icon=":material/check_circle:")


def draw_form(
    page: Page, draws: Sequence[SampleDraw], issues: Sequence[Mapping[str, Any]], signer: Signer
) -> None:
    """Choose issue, rate and seed, see what would be drawn, draw."""
    if not page.can(Ability.DRAW):
        st.info(
            f"抽样由{roles_in_words(ABILITIES[Ability.DRAW])}办理,其他角色可以查看。", icon=":material/lock:"
        )
        return
    today, number = china_today(), st.session_state.get(ROUND, 0)
    settings = page.settings.now()

    def in_force(key: str) -> Decimal:
        return Decimal(str(settings.get(key, today) or 0))

    open_issues = {row["issue"]: row for row in issues if row["passed_cnt"]}
    with st.container(border=True):
        st.markdown("**抽取一期的复审样本**")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            issue = st.selectbox("期号", list(open_issues), key=f"draw_issue_{number}", width=160,
                                 format_func=lambda name: f"{name}({open_issues[name]['passed_cnt']:,} 件)")  # fmt: skip
            rate = st.number_input(
                "抽样比例(%)",
                0.1,
                100.0,
                float(in_force("sample_rate_pct")),
                0.5,
                format="%.1f",
                width=150,
                key=f"draw_rate_{number}",
            )
            certainty = st.number_input(
                "必抽金额(元,0 为不设)", 0, 10_000_000, int(in_force("sample_certainty_amount")), 1000, width=190,
                key=f"draw_certainty_{number}",
            )  # fmt: skip
            least = st.number_input(
                "每层最少(件)",
                1,
                100,
                int(in_force("sample_stratum_least")),
                width=130,
                key=f"draw_least_{number}",
            )
            seed = st.text_input(
                "随机种子(留空则随机产生)",
                key=f"draw_seed_{number}",
                width=230,
                placeholder="不超过 12 位数字",
            )
        given = {"rate": Decimal(f"{rate:.1f}") / 100, "certainty": Decimal(certainty), "least": least}
        design = design_of(settings, today, given)
        plan = page_query(page, "sample_plan", issue=issue, certainty=design.certainty).to_pylist()
        enough = int(in_force("sample_extrapolate_least"))
        st.markdown(escaped(plan_of(plan, design, enough).words))
        waiting = open_issues[issue]["waiting_cnt"]
        if waiting:
            st.caption(f"该期还有 {waiting:,} 件没有初审结果,不在抽样框内;全部初审后再抽样更完整。")
        before = [draw for draw in draws if draw.issue == issue]
        why = st.text_input(
            f"再次抽样的理由(必填,该期已抽样 {len(before)} 次)" if before else "说明(可不填)", key=f"draw_why_{number}",
            placeholder="例如:领导小组会议确定的种子;首次抽样后补载了单据",
        )  # fmt: skip
        st.caption("抽样后,抽样框、种子、算法和结果都固定下来,不能修改或删除,随时可以重放核对。")
        if st.button("冻结抽样框并抽取", type="primary", icon=":material/shuffle:"):
            with guarded("抽样"), st.spinner("正在抽样…"):
                if before and not why.strip():
                    raise UserError("该期已经抽过样,再次抽样须写明理由。")
                made = draw_sample(
                    page.home, page.warehouse, issue, design, seed=_seed(seed), why=why.strip(), by=signer
                )
                _done(
                    f"已抽取 {made.draw_id}:{made.frame_size:,} 件中抽取 {made.sample_size:,} 件,种子 {made.seed}。"
                )
                address.put({"sample": made.draw_id, "part": "results"})
                st.rerun()


def entry_form(page: Page, sample: Sample, signer: Signer) -> None:
    """Enter what was found in one document."""
    st.markdown("**登记一件**")
    number = st.session_state.get(ROUND, 0)
    waiting = [doc_id for doc_id in sample.documents if sample.found[doc_id].review_fen is None]
    done = [doc_id for doc_id in sample.documents if sample.found[doc_id].review_fen is not None]
    with st.form(f"entry_{number}", border=False):
        doc_id = st.selectbox("单据ID(未复审的在前)", [*waiting, *done], placeholder="输入单据ID查找")
        left, right = st.columns(2)
        amount = left.text_input("违规金额(元,未发现问题填 0)")
        stage = right.selectbox("阶段", [stage.value for stage in Stage])
        reviewer = left.text_input("复审岗位", signer.post)
        day = right.date_input("复审日期", china_today(), max_value=china_today(), format="YYYY-MM-DD")
        why = st.text_input("说明(更正时必填)", max_chars=400)
        if st.form_submit_button("登记", type="primary", icon=":material/save:"):
            with guarded("登记"):
                entry = Entry(doc_id, _amount(amount), reviewer.strip(), _day(day), Stage(stage), why)
                _enter(page, sample, [entry], Source.TYPED, signer)


def upload_form(page: Page, sample: Sample, signer: Signer) -> None:
    """A file of results: looked at first, entered after the report was seen."""
    st.markdown("**导入文件**")
    st.caption(
        "CSV 或 XLSX,第一行为表头:单据ID、抽检违规金额、复审岗位,可另有复审日期、阶段(复审、申诉后)、说明。"
    )
    template = ",".join(names[0] for names in HEADERS.values()) + "\r\n"
    template += "".join(
        f"{doc_id},,,,,\r\n" for doc_id, found in sample.found.items() if found.review_fen is None
    )
    st.download_button(
        "下载模板(未复审的单据)", template.encode("utf-8-sig"), file_name="复审结果模板.csv", mime="text/csv",
        icon=":material/download:", on_click="ignore", key="template",
    )  # fmt: skip
    file = st.file_uploader(
        "结果文件", key=f"result_file_{st.session_state.get(ROUND, 0)}", label_visibility="collapsed"
    )
    if file is None:
        return
    with guarded("导入"):
        read = read_results(file.name, file.getvalue(), china_today())
        checked = check(read.entries, sample.documents, sample.found, china_today())
        refused = [*read.refused, *checked.refused]
        total = sum((entry.amount for entry in checked.accepted), Decimal(0))
        st.markdown(
            f"可登记 {len(checked.accepted):,} 件(违规金额合计 {numbers.plain(total, 2)} 元),与已有结果相同 {checked.unchanged:,} 件,"
            f"不能采用 {len(refused):,} 行。"
        )
        _refusals(refused)
        if checked.accepted and st.button("确认登记", type="primary", icon=":material/check:"):
            _write(page, sample, checked, Source.FILE, signer)


def _enter(page: Page, sample: Sample, entries: list[Entry], source: Source, signer: Signer) -> None:
    checked = check(entries, sample.documents, sample.found, china_today())
    if checked.refused:
        raise UserError(f"未登记:{checked.refused[0].reason}。")
    if not checked.accepted:
        raise UserError("与已有结果相同,没有改动。")
    _write(page, sample, checked, source, signer)


def _write(page: Page, sample: Sample, checked: Checked, source: Source, signer: Signer) -> None:
    assert sample.draw is not None
    count = enter(page.home, sample.draw, checked, source, signer)
    _done(f"已登记 {count:,} 件。")
    st.rerun()


def _refusals(refused: Sequence[Refusal]) -> None:
    for one in refused[:REFUSED_SHOWN]:
        st.caption(escaped(f"第 {one.row} 行 {one.doc_id}:{one.reason}"))
    if len(refused) > REFUSED_SHOWN:
        st.caption(f"另有 {len(refused) - REFUSED_SHOWN:,} 行。")


def _done(words: str) -> None:
    st.session_state[SAID] = words
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _seed(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdigit():
        raise UserError("随机种子应为不超过 12 位的数字。")
    return int(text.strip())


def _amount(text: str) -> Decimal:
    try:
        return read_amount(text)
    except ValueError as error:
        raise UserError(f"未登记:{error}。") from error


def _day(value: Any) -> dt.date:
    if not isinstance(value, dt.date):
        raise UserError("请选择复审日期。")
    return value
